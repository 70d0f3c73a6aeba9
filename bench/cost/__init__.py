"""What a login, an enrolment and a month cost: counted work times list prices. It writes docs/cost.md."""
