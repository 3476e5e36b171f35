create schema raw; -- what the documents show, as received
create schema core; -- what the documents say, what the catalogue knows, what people settled
create schema marts; -- reconciled, rolled up, ready to be queried
