-- The districts that the account of who asks belongs to.

CREATE VIEW warehouse.own_district AS
SELECT a.district_code
FROM warehouse.district_account AS a
WHERE a.account = current_user;
