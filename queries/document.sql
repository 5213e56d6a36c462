-- purpose: The block's documents, newest first.
-- params:
--   $language VARCHAR  a code of locales/languages.toml
-- columns:
--   document_id VARCHAR  identifier
--   kind        VARCHAR  decision, regulation, criteria, plan, contract, minutes, law or report
--   number      VARCHAR  such as 1028/QĐ-UBND, or null
--   title       VARCHAR  in the language asked for
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
    in_language(title, $language) as title,
    issued_on,
    issuer,
    link,
    path,
    is_sample,
    source_id
from document
order by issued_on desc nulls last, document_id
