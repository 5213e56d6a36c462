-- purpose: The block's documents, newest first.
-- params:
--   $language VARCHAR  vi, en or hi
-- columns:
--   document_id VARCHAR  identifier
--   kind        VARCHAR  decision, regulation, criteria, plan, contract, minutes, law or report
--   number      VARCHAR  such as 1028/QĐ-UBND, or null
--   title       VARCHAR  in the language asked for, else in Vietnamese
--   issued_on   DATE     or null
--   issuer      VARCHAR  or null
--   link        VARCHAR  web address, or null
--   path        VARCHAR  file in the data folder, or null
--   is_sample   BOOLEAN  no real document
--   source_id   VARCHAR  see sources.toml
-- reads: document
select
    document_id,
    kind,
    number,
    coalesce(case $language when 'en' then title_en when 'hi' then title_hi end, title_vi) as title,
    issued_on,
    issuer,
    link,
    path,
    is_sample,
    source_id
from document
order by issued_on desc nulls last, document_id
