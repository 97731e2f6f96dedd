"""Find the parts of a report: its head, its narrative and the tables of its appendix."""
