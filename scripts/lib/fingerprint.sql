-- What a database holds, as one line per table: name, rows, checksum of the rows in any order; and one for the schema.
-- Two databases that print the same hold the same. Sequences are left out: they move outside of transactions.
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
SET intervalstyle = 'iso_8601';
SET bytea_output = 'hex';
SET extra_float_digits = 1;
SET search_path = pg_catalog;
SET statement_timeout = 0;

SELECT format(
    'SELECT %L, count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM %I.%I AS t', relname, nspname, relname)
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE relkind IN ('r', 'm') AND nspname !~ '^pg_' AND nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY relname
\gexec

WITH ours AS (
    SELECT c.oid, relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE relkind IN ('r', 'm', 'v', 'p') AND nspname !~ '^pg_' AND nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e')
), facts (fact) AS (
    SELECT concat_ws(' ', relname, attname, format_type(atttypid, atttypmod), attnotnull, attstorage,
                     pg_get_expr(adbin, adrelid))
    FROM pg_attribute AS a JOIN ours ON ours.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT pg_get_indexdef(indexrelid) || indisvalid FROM pg_index JOIN ours ON ours.oid = indrelid
    UNION ALL
    SELECT concat_ws(' ', relname, conname, pg_get_constraintdef(k.oid))
    FROM pg_constraint AS k JOIN ours ON ours.oid = conrelid WHERE contype <> 'n'
    UNION ALL
    SELECT concat_ws(' ', cfgname, maptokentype, mapseqno, dictname)
    FROM pg_ts_config AS f JOIN pg_ts_config_map AS m ON m.mapcfg = f.oid JOIN pg_ts_dict AS d ON d.oid = m.mapdict
    WHERE cfgnamespace <> 'pg_catalog'::regnamespace
)
SELECT '(schema)', count(*), coalesce(sum(hashtextextended(fact, 0)), 0) FROM facts;
