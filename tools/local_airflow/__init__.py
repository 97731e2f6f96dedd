"""Airflow on one machine, to try things out: what `make run` and `make up` start."""
