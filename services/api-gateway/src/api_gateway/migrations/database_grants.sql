-- What each role may do in this database; run by the owner after every migration and after a restore. Idempotent: a role
-- that is not there is passed over. `legis_web` and `legis_indexer` read, `legis_worker` writes, the owner does all else.
DO $$
BEGIN
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;

    -- it runs with the owner's rights, and a restore without privileges leaves it to everybody
    IF to_regprocedure('public.make_change_partitions(bigint)') IS NOT NULL THEN
        REVOKE ALL ON FUNCTION make_change_partitions(bigint) FROM PUBLIC;
    END IF;

    IF to_regrole('legis_web') IS NOT NULL THEN
        GRANT USAGE ON SCHEMA public TO legis_web;
        GRANT SELECT ON ALL TABLES IN SCHEMA public TO legis_web;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO legis_web;
        -- raw records may tell of persons: web counts those that wait, and reads none
        REVOKE ALL ON dead_letter FROM legis_web;
        GRANT SELECT (source, stage, resolved_at) ON dead_letter TO legis_web;
    END IF;

    IF to_regrole('legis_indexer') IS NOT NULL THEN
        GRANT USAGE ON SCHEMA public TO legis_indexer;
        GRANT SELECT ON ALL TABLES IN SCHEMA public TO legis_indexer;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO legis_indexer;
        REVOKE ALL ON dead_letter FROM legis_indexer;
    END IF;

    IF to_regrole('legis_worker') IS NOT NULL THEN
        GRANT USAGE ON SCHEMA public TO legis_worker;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO legis_worker;
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO legis_worker;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO legis_worker;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO legis_worker;
        REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM legis_worker; -- the version is the migration's
        -- the one thing that the worker may make: the next partitions of the change log
        IF to_regprocedure('public.make_change_partitions(bigint)') IS NOT NULL THEN
            GRANT EXECUTE ON FUNCTION make_change_partitions(bigint) TO legis_worker;
        END IF;
    END IF;

    -- web writes nothing but what its users own
    IF to_regclass('public.subscription') IS NOT NULL AND to_regrole('legis_web') IS NOT NULL THEN
        GRANT INSERT, UPDATE, DELETE ON subscription, signing_key TO legis_web;
    END IF;
    IF to_regclass('public.mail_address') IS NOT NULL AND to_regrole('legis_web') IS NOT NULL THEN
        GRANT INSERT, UPDATE ON mail_address TO legis_web;
    END IF;
    IF to_regrole('legis_notifier') IS NOT NULL THEN
        GRANT USAGE ON SCHEMA public TO legis_notifier;
        GRANT SELECT ON bill, bill_change, change_counter, store_epoch, alembic_version TO legis_notifier;
        IF to_regclass('public.subscription') IS NOT NULL THEN
            GRANT SELECT, INSERT, UPDATE, DELETE ON subscription, signing_key, change_match, match_position,
                delivery_attempt, parked_delivery, digest TO legis_notifier;
        END IF;
        IF to_regclass('public.mail_address') IS NOT NULL THEN
            GRANT SELECT, INSERT, DELETE ON mail_address TO legis_notifier;
        END IF;
    END IF;
    IF to_regclass('public.mail_address') IS NOT NULL AND to_regrole('legis_worker') IS NOT NULL THEN
        REVOKE ALL ON mail_address FROM legis_worker;
    END IF;
    IF to_regclass('public.mail_address') IS NOT NULL AND to_regrole('legis_indexer') IS NOT NULL THEN
        REVOKE ALL ON mail_address FROM legis_indexer;
    END IF;
    IF to_regclass('public.subscription') IS NOT NULL AND to_regrole('legis_worker') IS NOT NULL THEN
        REVOKE ALL ON subscription, signing_key, change_match, match_position, delivery_attempt, parked_delivery, digest
            FROM legis_worker;
    END IF;
    IF to_regclass('public.subscription') IS NOT NULL AND to_regrole('legis_indexer') IS NOT NULL THEN
        REVOKE ALL ON subscription, signing_key, change_match, match_position, delivery_attempt, parked_delivery, digest
            FROM legis_indexer;
    END IF;

    -- who writes bills makes no keys; a backup of an older release has none
    IF to_regclass('public.api_key') IS NOT NULL AND to_regrole('legis_worker') IS NOT NULL THEN
        REVOKE ALL ON api_key FROM legis_worker;
        GRANT SELECT (id, last_used_at), UPDATE (last_used_at) ON api_key TO legis_worker;
    END IF;
    IF to_regclass('public.api_key') IS NOT NULL AND to_regrole('legis_indexer') IS NOT NULL THEN
        REVOKE ALL ON api_key FROM legis_indexer;
    END IF;
END
$$;
