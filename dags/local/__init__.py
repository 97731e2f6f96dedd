"""Airflow on one machine, for trying out: what `make run` and `make up` start. No DAG stands here."""
