package ips.core.payload.sql;

import ips.core.payload.text.Words;

/**
 * The words of SQL that matter here, by the part they play, over the dialects of MySQL, PostgreSQL,
 * SQL Server, Oracle, SQLite, DB2 and Firebird.
 */
final class SqlWords {
    // What a token can be. The tokenizer makes those before UNION by itself.
    static final byte END = 0;
    static final byte NUMBER = 1;
    static final byte WORD = 2;
    static final byte QUOTE = 3;
    static final byte OPEN = 4;
    static final byte CLOSE = 5;
    static final byte COMMA = 6;
    static final byte SEMICOLON = 7;
    static final byte DOT = 8;
    static final byte OPERATOR = 9;
    static final byte COMPARE = 10;
    static final byte LOGIC = 11;
    static final byte NOT = 12;
    static final byte COMMENT = 13;
    static final byte VARIABLE = 14;
    static final byte OTHER = 15;
    static final byte PIPES = 16;
    static final byte BRACE = 17;

    static final byte UNION = 20;
    static final byte SELECT = 21;
    static final byte ALL = 22;
    static final byte FROM = 23;
    static final byte WHERE = 24;
    static final byte INTO = 25;
    static final byte ORDER = 26;
    static final byte GROUP = 27;
    static final byte BY = 28;
    static final byte HAVING = 29;
    static final byte LIMIT = 30;
    static final byte VALUES = 31;
    static final byte INSERT = 32;
    static final byte UPDATE = 33;
    static final byte DELETE = 34;
    static final byte DROP = 35;
    static final byte EXECUTE = 36;
    static final byte CALL = 37;
    static final byte DECLARE = 38;
    static final byte WAITFOR = 39;
    static final byte DELAY = 40;
    static final byte SHUTDOWN = 41;
    static final byte PROCEDURE = 42;
    static final byte CASE = 43;
    static final byte WHEN = 44;
    static final byte CONSTANT = 45;
    static final byte OBJECT = 46;
    static final byte SET = 47;
    static final byte AS = 48;
    static final byte JOIN = 49;
    static final byte EXISTS = 50;
    static final byte OUTFILE = 51;
    static final byte MODIFIER = 52;
    static final byte OFFSET = 53;
    static final byte ANALYSE = 54;
    static final byte CREATE = 55;
    static final byte GRANT = 56;
    static final byte LOAD = 57;
    static final byte THEN = 58;
    static final byte COPY = 59;
    static final byte IF = 60;
    static final byte IS = 61;
    static final byte TO = 62;

    /** Begins a statement about tables, not rows. */
    static final byte ADMINISTER = 63;

    static final byte HANDLER = 64;

    /** A function that only an attack calls. */
    static final byte WEAPON = 70;

    /** A function that attacks are fond of. */
    static final byte TOOL = 71;

    /** A function or cast of daily use. */
    static final byte FUNCTION = 72;

    /** The database's own catalogue. */
    static final byte SCHEMA = 73;

    /** A function that waits. */
    static final byte SLEEP = 74;

    /** A name that stands for a value without parentheses: current_user. */
    static final byte NICHE = 75;

    static final Words ALL_WORDS =
            Words.builder()
                    .add(UNION, "union intersect except minus")
                    .add(SELECT, "select")
                    .add(ALL, "all distinct distinctrow")
                    .add(FROM, "from")
                    .add(WHERE, "where")
                    .add(INTO, "into")
                    .add(ORDER, "order")
                    .add(GROUP, "group")
                    .add(BY, "by")
                    .add(HAVING, "having")
                    .add(LIMIT, "limit")
                    .add(VALUES, "values")
                    .add(INSERT, "insert replace merge")
                    .add(UPDATE, "update")
                    .add(DELETE, "delete")
                    .add(DROP, "drop truncate")
                    .add(EXECUTE, "exec execute")
                    .add(CALL, "call")
                    .add(DECLARE, "declare")
                    .add(WAITFOR, "waitfor")
                    .add(DELAY, "delay time")
                    .add(SHUTDOWN, "shutdown")
                    .add(PROCEDURE, "procedure")
                    .add(CASE, "case")
                    .add(WHEN, "when")
                    .add(CONSTANT, "null true false nan")
                    .add(
                            OBJECT,
                            "table database schema view index user login trigger column function role"
                                    + " tablespace sequence tables databases schemas columns variables"
                                    + " grants processlist")
                    .add(SET, "set")
                    .add(AS, "as")
                    .add(JOIN, "join")
                    .add(EXISTS, "exists")
                    .add(OUTFILE, "outfile dumpfile")
                    .add(MODIFIER, "binary any some collate")
                    .add(OFFSET, "offset fetch")
                    .add(ANALYSE, "analyse analyze")
                    .add(CREATE, "create alter")
                    .add(GRANT, "grant revoke")
                    .add(LOAD, "load")
                    .add(THEN, "then else")
                    .add(COPY, "copy")
                    .add(IF, "if iif")
                    .add(IS, "is")
                    .add(TO, "to")
                    .add(ADMINISTER, "show rename backup restore attach detach vacuum")
                    .add(HANDLER, "handler")
                    .add(NOT, "not")
                    .add(LOGIC, "or and xor")
                    .add(COMPARE, "like ilike rlike regexp in between similar sounds glob")
                    .add(
                            WEAPON,
                            "extractvalue updatexml load_file xp_cmdshell xp_dirtree xp_regread"
                                    + " xp_fileexist xp_servicecontrol xp_loginconfig xp_enumdsn"
                                    + " xp_availablemedia xp_ntsec_enumdomains xp_terminate_process"
                                    + " sp_executesql sp_oacreate sp_oamethod sp_makewebtask sp_addextendedproc"
                                    + " sp_password sp_addlogin sp_addsrvrolemember sp_configure"
                                    + " pg_read_file pg_ls_dir lo_import lo_export dblink_connect"
                                    + " dblink_send_query dbms_pipe dbms_lock dbms_ldap dbms_xslprocessor"
                                    + " dbms_java dbms_scheduler dbms_utility dbms_xmlgen"
                                    + " dbms_assert dbms_export_extension utl_http utl_inaddr"
                                    + " utl_file utl_smtp utl_tcp httpuritype drithsx ctxsys"
                                    + " gtid_subset gtid_subtract name_const geometrycollection"
                                    + " multipoint multipolygon multilinestring linestring"
                                    + " regexp_substring crypt_key opendatasource"
                                    + " openrowset openquery fn_xe_file_target_read_file"
                                    + " fn_get_audit_file fn_trace_gettable sys_eval sys_exec"
                                    + " procedure_analyse master_pos_wait load_extension"
                                    + " query_to_xml database_to_xml xmltype sqlid_to_sqlhash"
                                    + " fn_virtualfilestats user_lock bfilename")
                    .add(
                            SLEEP,
                            "sleep benchmark pg_sleep pg_sleep_for pg_sleep_until randomblob"
                                    + " zeroblob get_lock generate_series wait_for_executed_gtid_set"
                                    + " sleepeachrow")
                    .add(
                            TOOL,
                            "char chr nchar concat concat_ws group_concat string_agg wm_concat listagg"
                                    + " ascii ord substring substr mid hex unhex version user database"
                                    + " schema_name current_database"
                                    + " elt make_set ifnull nullif isnull nvl coalesce greatest"
                                    + " least count floor rand md5 sha1 row cast convert to_char"
                                    + " json_keys exp bin conv instr locate position strcmp field"
                                    + " find_in_set quote_literal quote_ident array_to_string"
                                    + " aes_decrypt aes_encrypt des_decrypt from_base64 to_base64 encode"
                                    + " decode unicode db_name user_name host_name object_id object_name"
                                    + " col_name is_srvrolemember is_member has_dbaccess suser_name"
                                    + " serverproperty sqlite_version hex2bin rawtohex to_number"
                                    + " pg_user pg_shadow inet_server_addr xmlelement extract_value"
                                    + " uuid rpad lpad repeat reverse reversed insert_id"
                                    + " last_insert_id row_count found_rows compress uncompress"
                                    + " unistr utl_raw nextval currval bit_length octet_length"
                                    + " char_length character_length len decode_hex randomuuid"
                                    + " current_setting set_config to_hex chr_length typeof"
                                    + " json_extract json_length json_depth json_value json_valid"
                                    + " json_contains json_type json_search json_quote json_array"
                                    + " json_object json_arrayagg json_query json_each json_unquote"
                                    + " jsonb_extract_path jsonb_array_length jsonb_typeof"
                                    + " st_latfromgeohash st_longfromgeohash st_pointfromgeohash"
                                    + " soundex translate regexp_replace regexp_like regexp_substr"
                                    + " regexp_instr lag rank dense_rank quote group_id readfile"
                                    + " total_changes")
                    .add(
                            FUNCTION,
                            "abs avg min max sum round ceil ceiling sign sqrt pow power length lower"
                                    + " upper lcase ucase trim ltrim rtrim left right replace_all"
                                    + " date now curdate year month day hour minute second"
                                    + " interval cos sin tan pi log ln")
                    .add(
                            NICHE,
                            "current_user session_user system_user current_date current_time"
                                    + " current_timestamp rownum")
                    .add(
                            SCHEMA,
                            "information_schema sysobjects syscolumns sysdatabases sysusers"
                                    + " sys.tables all_tables all_tab_columns user_tables"
                                    + " user_tab_columns all_users dba_users pg_catalog pg_tables"
                                    + " pg_class pg_user pg_shadow pg_database sqlite_master"
                                    + " sqlite_schema sqlite_temp_master msysaccessobjects mysql.user mysql.db"
                                    + " v$version v$instance v$database systables sysibm"
                                    + " syscat rdb$fields rdb$types rdb$collations rdb$functions"
                                    + " rdb$database rdb$relations rdb$character_sets"
                                    + " table_schema table_name column_name schemata"
                                    + " system_users domain.domains domain.tables domain.columns"
                                    + " master..sysdatabases sys.databases sys.objects"
                                    + " sys.columns sys.user_tables msysobjects")
                    .build();

    private SqlWords() {}
}
