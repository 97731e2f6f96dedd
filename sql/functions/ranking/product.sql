-- The product of numbers, exact: effective weights are products down the tree.

CREATE AGGREGATE warehouse.product(numeric) (SFUNC = pg_catalog.numeric_mul, STYPE = numeric, PARALLEL = SAFE); -- noqa
