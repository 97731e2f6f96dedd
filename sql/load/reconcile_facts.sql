-- Makes the facts of the submissions' districts and periods equal to what is accepted (sql/functions/facts).

SELECT
    facts.opened,
    facts.closed
FROM warehouse.reconcile_facts(%(submission_ids)s) AS facts;
