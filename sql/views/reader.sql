-- Whether who asks may see every row: all but the districts may. A view asks with the rights of its owner, but
-- current_user is always who asks.

CREATE VIEW warehouse.reader AS
SELECT
    pg_catalog.pg_has_role(current_user, 'cchc_analyst', 'USAGE')
    OR pg_catalog.pg_has_role(current_user, 'cchc_bi', 'USAGE')
    OR pg_catalog.pg_has_role(current_user, 'cchc_loader', 'USAGE')
    OR pg_catalog.pg_has_role(current_user, 'cchc_owner', 'USAGE') AS sees_all;
