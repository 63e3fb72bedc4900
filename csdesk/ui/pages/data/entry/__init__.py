"""手工录入: the section of the data page where calls, questionnaires and sampled conversations are typed in."""
