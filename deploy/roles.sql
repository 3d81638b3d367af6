-- Logins of the installation and the empty database; run once by a superuser, harmless when run again:
--   CAT_OWNER_PASSWORD=… CAT_WEB_PASSWORD=… CAT_SCORE_PASSWORD=… CAT_READ_PASSWORD=… psql -f deploy/roles.sql
-- What each login may do inside the database is granted by the migrations.
\set ON_ERROR_STOP on
\set QUIET on
\getenv owner_password CAT_OWNER_PASSWORD
\getenv web_password CAT_WEB_PASSWORD
\getenv score_password CAT_SCORE_PASSWORD
\getenv read_password CAT_READ_PASSWORD

SELECT format('CREATE ROLE %I', name)
  FROM unnest(ARRAY['cat_owner', 'cat_web', 'cat_score', 'cat_read']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

ALTER ROLE cat_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'owner_password';
ALTER ROLE cat_web   LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'web_password';
ALTER ROLE cat_score LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'score_password';
ALTER ROLE cat_read  LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'read_password';
ALTER ROLE cat_read  SET default_transaction_read_only = on;

SELECT 'CREATE DATABASE cat OWNER cat_owner ENCODING ''UTF8'' TEMPLATE template0'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'cat') \gexec

REVOKE ALL ON DATABASE cat FROM PUBLIC;
GRANT CONNECT ON DATABASE cat TO cat_web, cat_score, cat_read;

\connect cat
ALTER SCHEMA public OWNER TO cat_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO cat_web, cat_score, cat_read;
