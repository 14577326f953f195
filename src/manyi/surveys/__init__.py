"""Plan and sample: programmes, rounds, questionnaires and their versions, schemes, draws."""
