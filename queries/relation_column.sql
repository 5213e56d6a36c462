-- purpose: The relations of the snapshot and their columns, for those who write queries.
-- columns:
--   relation_name VARCHAR  table
--   column_name   VARCHAR  column
--   data_type     VARCHAR  SQL type
-- reads:
select
    relation.table_name as relation_name,
    relation.column_name,
    relation.data_type
from duckdb_columns() as relation
where not relation.internal
order by relation.table_name, relation.column_index
