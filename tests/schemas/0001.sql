-- The schema of a claims database, and its one source of truth.
-- Offsets (start, end) are Unicode code points into articles.text, half open.
-- Dates are ISO 8601, as precise as known: 2024-12-17, 2024-12 or 2024.

create table outlets (
    id integer primary key,
    name text not null unique check (name <> ''),
    homepage text,
    language text,
    wikidata text
) strict;

-- An anonymous speaker is a wording (관계자, a senior official), not somebody: whoever an article
-- means by it. Two articles share the row and nothing else.
create table speakers (
    id integer primary key,
    name text not null check (name <> ''),
    kind text not null check (kind in ('person', 'organization', 'outlet', 'anonymous')),
    description text,
    wikidata text,
    unique (name, kind)
) strict;

create table speaker_aliases (
    alias text not null,
    speaker_id integer not null references speakers (id) on delete cascade,
    primary key (alias, speaker_id)
) strict, without rowid;

create table ingests (
    id integer primary key,
    started_at text not null,
    finished_at text,
    source text not null,
    version text not null,
    articles integer not null default 0,
    claims integer not null default 0,
    failures integer not null default 0,
    options text not null default '{}',
    command text
) strict;

create table failures (
    id integer primary key,
    ingest_id integer not null references ingests (id) on delete cascade,
    source text not null,
    position text,
    reason text not null
) strict;

-- Feeds that are read again and again, with what their hosts said of them last (RFC 9110, 8.8);
-- entries are those read before, by the feed's own key, and when they had been changed last.
create table feeds (
    id integer primary key,
    url text not null unique check (url <> ''),
    title text,
    outlet text,
    follow integer not null default 1 check (follow in (0, 1)),
    etag text,
    modified text,
    read_at text
) strict;

create table feed_entries (
    feed_id integer not null references feeds (id) on delete cascade,
    entry text not null,
    updated text,
    primary key (feed_id, entry)
) strict, without rowid;

-- The text of an article never changes; a changed page is a new row that supersedes the old one.
-- excerpt is 1 where the text is only the words of a claim, because the article was not at hand.
-- autoincrement: ids are shared as links, so a deleted one is never given again.
create table articles (
    id integer primary key autoincrement,
    outlet_id integer references outlets (id),
    url text,
    title text,
    byline text,
    published_on text check (published_on glob '[0-9][0-9][0-9][0-9]*'),
    modified_on text check (modified_on glob '[0-9][0-9][0-9][0-9]*'),
    language text,
    text text not null check (text <> ''),
    sha256 text not null,
    excerpt integer not null default 0 check (excerpt in (0, 1)),
    ingest_id integer references ingests (id),
    supersedes_id integer references articles (id)
) strict;

create table claims (
    id integer primary key autoincrement,
    article_id integer not null references articles (id) on delete cascade,
    text text not null,
    kind text not null check (kind in ('direct', 'indirect', 'mixed')),
    speaker_id integer not null references speakers (id),
    role text,
    organization text,
    outlet_id integer references outlets (id),
    via_outlet_id integer references outlets (id),
    said_on text check (said_on glob '[0-9][0-9][0-9][0-9]*'),
    said_on_text text,
    published_on text check (published_on glob '[0-9][0-9][0-9][0-9]*'),
    cue text,
    start integer not null check (start >= 0),
    end integer not null,
    speaker_start integer,
    speaker_end integer,
    language text,
    extractor text not null,
    rule text,
    confidence real check (confidence between 0 and 1),
    canonical_id integer references claims (id) on delete set null,
    status text not null default 'suggested'
        check (status in ('suggested', 'accepted', 'rejected', 'checked')),
    check (start < end),
    unique (article_id, start, end, speaker_id)
) strict;

-- Where a claim stood in earlier versions of its page. The claim itself goes on to the latest
-- version that has it, with its id and all that people found out about it.
create table earlier_claims (
    article_id integer not null references articles (id) on delete cascade,
    claim_id integer not null references claims (id) on delete cascade,
    text text not null,
    start integer not null,
    end integer not null,
    speaker_start integer,
    speaker_end integer,
    primary key (article_id, claim_id)
) strict, without rowid;

-- Which documents were read before, by a digest of all that they and the person said, and what
-- article each became: reading them again costs nothing. Neither is this nor the next a foreign
-- key: Datasette counts what refers to a row on its page.
create table documents (
    digest blob primary key,
    article_id integer not null
) strict, without rowid;

-- The addresses that an unfinished ingest has read; the same command goes on without asking again.
create table fetched (
    ingest_id integer not null,
    url text not null,
    primary key (ingest_id, url)
) strict, without rowid;

create table verdicts (
    id integer primary key,
    name text not null unique,
    rating integer
) strict;

-- The vocabularies that a review form offers; a verdict may belong to several.
create table verdict_sets (
    id integer primary key,
    name text not null unique check (name <> ''),
    description text
) strict;

create table verdict_set_members (
    set_id integer not null references verdict_sets (id) on delete cascade,
    verdict_id integer not null references verdicts (id) on delete cascade,
    position integer not null,
    primary key (set_id, verdict_id)
) strict, without rowid;

-- What was published; drafts are in a table of their own, which readers can't see.
-- A withdrawn review stays, so that its address says what became of it.
create table reviews (
    id integer primary key autoincrement,
    verdict_id integer not null references verdicts (id),
    summary text,
    context text,
    context_url text,
    reviewer text,
    reviewed_on text,
    url text,
    state text not null default 'published' check (state in ('published', 'withdrawn'))
) strict;

-- start and end, where a review settles only a part of a claim: in articles.text, as a claim's own.
create table review_claims (
    review_id integer not null references reviews (id) on delete cascade,
    claim_id integer not null references claims (id) on delete cascade,
    start integer,
    end integer,
    primary key (review_id, claim_id),
    check ((start is null) = (end is null)),
    check (start < end)
) strict;

create table evidence (
    id integer primary key,
    review_id integer not null references reviews (id) on delete cascade,
    url text,
    title text,
    excerpt text,
    stance text check (stance in ('supports', 'refutes', 'context')),
    retrieved_on text,
    sha256 text
) strict;

-- What a second checker says of a published review.
create table opinions (
    id integer primary key,
    review_id integer not null references reviews (id) on delete cascade,
    actor text not null,
    opinion text not null check (opinion in ('confirms', 'disputes')),
    note text,
    given_on text not null,
    unique (review_id, actor)
) strict;

create table topics (
    id integer primary key,
    name text not null unique
) strict;

create table claim_topics (
    claim_id integer not null references claims (id) on delete cascade,
    topic_id integer not null references topics (id) on delete cascade,
    primary key (claim_id, topic_id)
) strict, without rowid;

-- Written by the triggers below for every change or deletion after the first recording, and by the
-- store for what a person adds.
create table history (
    id integer primary key,
    at text not null default (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    actor text not null,
    action text not null check (action in ('insert', 'update', 'delete')),
    table_name text not null,
    row_id integer,
    before text,
    after text
) strict;

-- Who is changing the database right now: set inside a transaction, back to 'sql' at its end.
create table acting (
    id integer primary key check (id = 1),
    actor text not null
) strict;
insert into acting (id, actor) values (1, 'sql');

-- The desk: what checkers do before it is published. The plugin lets no reader see these tables, by
-- SQL neither (claims/store/private.py names them). They hold ids of public rows without being
-- foreign keys: Datasette counts what refers to a row on its page.

-- document is the whole review as JSON: {verdict, summary, context, context_url, url, claims,
-- evidence}; review_id, where it is to replace what was published.
create table drafts (
    id integer primary key autoincrement,
    review_id integer unique,
    author text not null,
    document text not null check (json_valid(document)),
    changed_at text not null
) strict;

create table draft_claims (
    draft_id integer not null references drafts (id) on delete cascade,
    claim_id integer not null,
    primary key (draft_id, claim_id)
) strict, without rowid;

create table comments (
    id integer primary key,
    claim_id integer not null,
    author text not null,
    at text not null,
    text text not null check (text <> '')
) strict;

create table assignments (
    claim_id integer primary key,
    assignee text not null,
    assigned_by text not null,
    at text not null
) strict;

-- Who is looking at a claim right now, so that nobody else gets it until then.
create table leases (
    claim_id integer primary key,
    actor text not null,
    until text not null
) strict;

-- Everything that people do by the desk or the command line. first_change to last_change are the
-- rows of history that an action left; document is a draft as it was saved.
create table desk_log (
    id integer primary key,
    at text not null,
    actor text not null,
    action text not null,
    claim_id integer,
    review_id integer,
    draft_id integer,
    document text,
    first_change integer,
    last_change integer,
    undone integer not null default 0 check (undone in (0, 1))
) strict;

-- Counts of claims kept ahead, so that pages answer at once however many there are: how many
-- claims have by_value in the column "by", among all of them (dimension '') or among those with
-- one frequent value of another. They hold for claims with ids up to counted.claim_id; later ones,
-- and rows of counted_changes for what changed since, are added by the readers
-- (claims/store/counts.py), so that the sum is right whoever wrote and however.
create table kept_counts (
    id integer primary key,
    dimension text not null,
    value any not null,
    by text not null,
    unique (dimension, value, by)
) strict;

create table kept_numbers (
    counts_id integer not null,
    by_value any not null,
    claims integer not null,
    primary key (counts_id, by_value)
) strict, without rowid;

create view claim_counts as
select dimension, value, by, by_value, claims
from kept_counts
join kept_numbers on kept_numbers.counts_id = kept_counts.id;

-- Which claims have a frequent value, or were published on a day: compressed bitmaps of their ids,
-- piece by piece of 131,072 ids, kept with the counts and as far as these (claims/store/sets.py).
create table claim_sets (
    dimension text not null,
    value any not null,
    piece integer not null,
    ids blob not null,
    primary key (dimension, value, piece)
) strict;

create table speaker_counts (
    speaker_id integer primary key,
    claims integer not null,
    outlets integer not null,
    checked integer not null,
    first_said text,
    last_said text
) strict;

-- state says when counts and sets were brought up to date, and is another each time.
create table counted (
    id integer primary key check (id = 1),
    claim_id integer not null,
    state text not null default ''
) strict;
insert into counted (id, claim_id) values (1, 0);
insert into kept_counts (dimension, value, by) values
    ('', '', 'speaker_id'), ('', '', 'outlet_id'), ('', '', 'via_outlet_id'), ('', '', 'kind'),
    ('', '', 'status'), ('', '', 'published_on'), ('', '', 'month');

-- n is 1 for a row that came and -1 for one that went; 0 for one that is about to be replaced.
create table counted_changes (
    id integer primary key,
    n integer not null check (n in (-1, 0, 1)),
    claim_id integer not null,
    speaker_id integer,
    outlet_id integer,
    via_outlet_id integer,
    kind text,
    status text,
    published_on text,
    said_on text
) strict;

insert into verdicts (name, rating) values
    ('true', 5), ('mostly true', 4), ('half true', 3), ('mostly false', 2), ('false', 1),
    ('misleading', 2), ('unproven', null), ('pants on fire', 1), ('partly false', 2),
    ('missing context', 3), ('altered', 1), ('satire', null),
    ('사실', 5), ('대체로 사실', 4), ('절반의 사실', 3), ('대체로 사실 아님', 2),
    ('전혀 사실 아님', 1), ('판단 유보', null);

insert into verdict_sets (name, description) values
    ('plain', 'True, false, or not proven either way'),
    ('팩트체크', 'The five steps that Korean newsrooms share, and judgement reserved'),
    ('Truth-O-Meter', 'The six steps of PolitiFact'),
    ('IFCN', 'Ratings in use among signatories of the International Fact-Checking Network');

insert into verdict_set_members (set_id, verdict_id, position)
select verdict_sets.id, verdicts.id, member.key
from json_each(json_object(
    'plain', json_array('true', 'misleading', 'false', 'unproven'),
    '팩트체크', json_array(
        '사실', '대체로 사실', '절반의 사실', '대체로 사실 아님', '전혀 사실 아님', '판단 유보'
    ),
    'Truth-O-Meter', json_array(
        'true', 'mostly true', 'half true', 'mostly false', 'false', 'pants on fire'
    ),
    'IFCN', json_array(
        'true', 'mostly true', 'missing context', 'misleading', 'partly false', 'false', 'altered',
        'satire', 'unproven'
    )
)) as named
join verdict_sets on verdict_sets.name = named.key
join json_each(named.value) as member
join verdicts on verdicts.name = member.value;

-- What tables are filtered and sorted by; facets are counted ahead.
-- Dates are indexed downwards: Datasette takes rows of one date to come by rising id, and leaves
-- some out between pages where an index hands them out the other way round.
create index articles_sha256 on articles (substr(sha256, 1, 16));  -- enough to find it
create index articles_url on articles (url);
create index articles_outlet on articles (outlet_id, published_on desc);
create index articles_language on articles (language);
create index articles_published on articles (published_on desc);
create index articles_supersedes on articles (supersedes_id) where supersedes_id is not null;
create index articles_ingest on articles (ingest_id);
create index claims_speaker on claims (speaker_id, outlet_id, published_on desc);
create index claims_speaker_published on claims (speaker_id, published_on desc);
create index claims_outlet_published on claims (outlet_id, published_on desc);
create index claims_via on claims (via_outlet_id, published_on desc)
    where via_outlet_id is not null;
create index claims_published on claims (published_on desc);
create index claims_said on claims (said_on desc);
create index claims_confidence on claims (confidence desc);
-- Most claims are suggested, and found by date; a value that is asked for implies the condition.
create index claims_status on claims (status, published_on desc)
    where status = 'accepted' or status = 'rejected' or status = 'checked';
create index claims_speaker_checked on claims (speaker_id) where status = 'checked';
create index claims_outlet_checked on claims (outlet_id) where status = 'checked';
create index claims_canonical on claims (canonical_id) where canonical_id is not null;
create index kept_numbers_most on kept_numbers (counts_id, claims desc)
    where claims > 1;  -- half of all values have one claim: the primary key has them in order
create index counted_changes_replaced on counted_changes (claim_id) where n = 0;
create index speaker_counts_most on speaker_counts (claims desc);
create index speaker_counts_outlets on speaker_counts (outlets desc, claims desc);
create index earlier_claims_claim on earlier_claims (claim_id);
create index failures_ingest on failures (ingest_id);
create index documents_article on documents (article_id);
create index ingests_unfinished on ingests (command) where finished_at is null;
create index aliases_speaker on speaker_aliases (speaker_id);
create index review_claims_claim on review_claims (claim_id);
create index reviews_verdict on reviews (verdict_id);
create index evidence_review on evidence (review_id);
create index claim_topics_topic on claim_topics (topic_id);
create index history_row on history (table_name, row_id);
create index drafts_claim on draft_claims (claim_id);
create index comments_claim on comments (claim_id);
create index assignments_assignee on assignments (assignee);
create index leases_until on leases (until);
create index desk_log_actor on desk_log (actor, id);
create index desk_log_claim on desk_log (claim_id);

-- Full-text search. Korean, Japanese and Chinese words are indexed with all that they hold, so
-- that 은행 is found in 국민은행이; claims/search.py writes the terms. The tables keep no text of
-- their own, so a deleted row leaves terms that no longer lead anywhere: ids are never given
-- again, and `claims reindex` sweeps them out.
create virtual table claims_fts using fts5 (
    terms, content = '', detail = none,
    tokenize = "porter unicode61 remove_diacritics 2 categories 'L* N* M* P* S* Co'"
);
create virtual table articles_fts using fts5 (
    terms, content = '', detail = none,
    tokenize = "porter unicode61 remove_diacritics 2 categories 'L* N* M* P* S* Co'"
);

-- Two pieces of a like size are joined at the end of an ingest, and not only four.
insert into claims_fts (claims_fts, rank) values ('usermerge', 2);
insert into articles_fts (articles_fts, rank) values ('usermerge', 2);

-- A claim is always the article's own words.
create trigger claims_grounded_insert before insert on claims
when new.text is not (
    select substr(text, new.start + 1, new.end - new.start) from articles where id = new.article_id
)
begin
    select raise(abort, 'a claim must be the words of its article from start to end');
end;

create trigger claims_grounded_update before update of text, start, end, article_id on claims
when new.text is not (
    select substr(text, new.start + 1, new.end - new.start) from articles where id = new.article_id
)
begin
    select raise(abort, 'a claim must be the words of its article from start to end');
end;

create trigger claims_leave_the_desk after delete on claims
begin
    delete from draft_claims where claim_id = old.id;
    delete from comments where claim_id = old.id;
    delete from assignments where claim_id = old.id;
    delete from leases where claim_id = old.id;
end;

create trigger reviews_leave_the_desk after delete on reviews
begin
    delete from drafts where review_id = old.id;
end;

create trigger articles_keep_text before update of text on articles
when new.text is not old.text
begin
    select raise(abort, 'the text of an article never changes; ingest the new text instead');
end;

-- An article that was deleted may be read again.
create trigger articles_forget_documents after delete on articles
begin
    delete from documents where article_id = old.id;
end;

-- Changes by people and by later ingests stay visible: what a row was, and what it became.
create trigger outlets_history_update after update on outlets
begin
    insert into history (actor, action, table_name, row_id, before, after) values (
        (select actor from acting), 'update', 'outlets', old.id,
        json_object(
            'id', old.id, 'name', old.name, 'homepage', old.homepage,
            'language', old.language, 'wikidata', old.wikidata
        ),
        json_object(
            'id', new.id, 'name', new.name, 'homepage', new.homepage,
            'language', new.language, 'wikidata', new.wikidata
        )
    );
end;

create trigger outlets_history_delete after delete on outlets
begin
    insert into history (actor, action, table_name, row_id, before, after) values (
        (select actor from acting), 'delete', 'outlets', old.id,
        json_object(
            'id', old.id, 'name', old.name, 'homepage', old.homepage,
            'language', old.language, 'wikidata', old.wikidata
        ),
        null
    );
end;

create trigger speakers_history_update after update on speakers
begin
    insert into history (actor, action, table_name, row_id, before, after) values (
        (select actor from acting), 'update', 'speakers', old.id,
        json_object(
            'id', old.id, 'name', old.name, 'kind', old.kind, 'description', old.description,
            'wikidata', old.wikidata
        ),
        json_object(
            'id', new.id, 'name', new.name, 'kind', new.kind, 'description', new.description,
            'wikidata', new.wikidata
        )
    );
end;

create trigger speakers_history_delete after delete on speakers
begin
    insert into history (actor, action, table_name, row_id, before, after) values (
        (select actor from acting), 'delete', 'speakers', old.id,
        json_object(
            'id', old.id, 'name', old.name, 'kind', old.kind, 'description', old.description,
            'wikidata', old.wikidata
        ),
        null
    );
end;

create trigger articles_history_update after update on articles
begin
    insert into history (actor, action, table_name, row_id, before, after) values (
        (select actor from acting), 'update', 'articles', old.id,
        json_object(
            'id', old.id, 'outlet_id', old.outlet_id, 'url', old.url, 'title', old.title,
            'byline', old.byline, 'published_on', old.published_on,
            'modified_on', old.modified_on, 'language', old.language,
            'sha256', old.sha256, 'excerpt', old.excerpt, 'ingest_id', old.ingest_id,
            'supersedes_id', old.supersedes_id
        ),
        json_object(
            'id', new.id, 'outlet_id', new.outlet_id, 'url', new.url, 'title', new.title,
            'byline', new.byline, 'published_on', new.published_on,
            'modified_on', new.modified_on, 'language', new.language,
            'sha256', new.sha256, 'excerpt', new.excerpt, 'ingest_id', new.ingest_id,
            'supersedes_id', new.supersedes_id
        )
    );
end;

create trigger articles_history_delete after delete on articles
begin
    insert into history (actor, action, table_name, row_id, before, after) values (
        (select actor from acting), 'delete', 'articles', old.id,
        json_object(
            'id', old.id, 'outlet_id', old.outlet_id, 'url', old.url, 'title', old.title,
            'byline', old.byline, 'published_on', old.published_on,
            'modified_on', old.modified_on, 'language', old.language,
            'text', old.text, 'sha256', old.sha256, 'excerpt', old.excerpt,
            'ingest_id', old.ingest_id, 'supersedes_id', old.supersedes_id
        ),
        null
    );
end;

-- That a claim goes on to a later version of its page is told by earlier_claims.
create trigger claims_history_update after update on claims
when new.article_id is old.article_id
begin
    insert into history (actor, action, table_name, row_id, before, after) values (
        (select actor from acting), 'update', 'claims', old.id,
        json_object(
            'id', old.id, 'article_id', old.article_id, 'text', old.text, 'kind', old.kind,
            'speaker_id', old.speaker_id, 'role', old.role, 'organization', old.organization,
            'outlet_id', old.outlet_id, 'via_outlet_id', old.via_outlet_id,
            'said_on', old.said_on, 'said_on_text', old.said_on_text,
            'published_on', old.published_on, 'cue', old.cue, 'start', old.start,
            'end', old.end, 'speaker_start', old.speaker_start,
            'speaker_end', old.speaker_end, 'language', old.language,
            'extractor', old.extractor, 'rule', old.rule, 'confidence', old.confidence,
            'canonical_id', old.canonical_id, 'status', old.status
        ),
        json_object(
            'id', new.id, 'article_id', new.article_id, 'text', new.text, 'kind', new.kind,
            'speaker_id', new.speaker_id, 'role', new.role, 'organization', new.organization,
            'outlet_id', new.outlet_id, 'via_outlet_id', new.via_outlet_id,
            'said_on', new.said_on, 'said_on_text', new.said_on_text,
            'published_on', new.published_on, 'cue', new.cue, 'start', new.start,
            'end', new.end, 'speaker_start', new.speaker_start,
            'speaker_end', new.speaker_end, 'language', new.language,
            'extractor', new.extractor, 'rule', new.rule, 'confidence', new.confidence,
            'canonical_id', new.canonical_id, 'status', new.status
        )
    );
end;

create trigger claims_history_delete after delete on claims
begin
    insert into history (actor, action, table_name, row_id, before, after) values (
        (select actor from acting), 'delete', 'claims', old.id,
        json_object(
            'id', old.id, 'article_id', old.article_id, 'text', old.text, 'kind', old.kind,
            'speaker_id', old.speaker_id, 'role', old.role, 'organization', old.organization,
            'outlet_id', old.outlet_id, 'via_outlet_id', old.via_outlet_id,
            'said_on', old.said_on, 'said_on_text', old.said_on_text,
            'published_on', old.published_on, 'cue', old.cue, 'start', old.start,
            'end', old.end, 'speaker_start', old.speaker_start,
            'speaker_end', old.speaker_end, 'language', old.language,
            'extractor', old.extractor, 'rule', old.rule, 'confidence', old.confidence,
            'canonical_id', old.canonical_id, 'status', old.status
        ),
        null
    );
end;

create trigger verdicts_history_update after update on verdicts
begin
    insert into history (actor, action, table_name, row_id, before, after) values (
        (select actor from acting), 'update', 'verdicts', old.id,
        json_object(
            'id', old.id, 'name', old.name, 'rating', old.rating
        ),
        json_object(
            'id', new.id, 'name', new.name, 'rating', new.rating
        )
    );
end;

create trigger verdicts_history_delete after delete on verdicts
begin
    insert into history (actor, action, table_name, row_id, before, after) values (
        (select actor from acting), 'delete', 'verdicts', old.id,
        json_object(
            'id', old.id, 'name', old.name, 'rating', old.rating
        ),
        null
    );
end;

create trigger reviews_history_update after update on reviews
begin
    insert into history (actor, action, table_name, row_id, before, after) values (
        (select actor from acting), 'update', 'reviews', old.id,
        json_object(
            'id', old.id, 'verdict_id', old.verdict_id, 'summary', old.summary,
            'context', old.context, 'context_url', old.context_url, 'reviewer', old.reviewer,
            'reviewed_on', old.reviewed_on, 'url', old.url, 'state', old.state
        ),
        json_object(
            'id', new.id, 'verdict_id', new.verdict_id, 'summary', new.summary,
            'context', new.context, 'context_url', new.context_url, 'reviewer', new.reviewer,
            'reviewed_on', new.reviewed_on, 'url', new.url, 'state', new.state
        )
    );
end;

create trigger reviews_history_delete after delete on reviews
begin
    insert into history (actor, action, table_name, row_id, before, after) values (
        (select actor from acting), 'delete', 'reviews', old.id,
        json_object(
            'id', old.id, 'verdict_id', old.verdict_id, 'summary', old.summary,
            'context', old.context, 'context_url', old.context_url, 'reviewer', old.reviewer,
            'reviewed_on', old.reviewed_on, 'url', old.url, 'state', old.state
        ),
        null
    );
end;

create trigger review_claims_history_update after update on review_claims
begin
    insert into history (actor, action, table_name, row_id, before, after) values (
        (select actor from acting), 'update', 'review_claims', old.claim_id,
        json_object(
            'review_id', old.review_id, 'claim_id', old.claim_id, 'start', old.start,
            'end', old.end
        ),
        json_object(
            'review_id', new.review_id, 'claim_id', new.claim_id, 'start', new.start,
            'end', new.end
        )
    );
end;

create trigger review_claims_history_delete after delete on review_claims
begin
    insert into history (actor, action, table_name, row_id, before, after) values (
        (select actor from acting), 'delete', 'review_claims', old.claim_id,
        json_object(
            'review_id', old.review_id, 'claim_id', old.claim_id, 'start', old.start,
            'end', old.end
        ),
        null
    );
end;

create trigger evidence_history_update after update on evidence
begin
    insert into history (actor, action, table_name, row_id, before, after) values (
        (select actor from acting), 'update', 'evidence', old.id,
        json_object(
            'id', old.id, 'review_id', old.review_id, 'url', old.url, 'title', old.title,
            'excerpt', old.excerpt, 'stance', old.stance, 'retrieved_on', old.retrieved_on,
            'sha256', old.sha256
        ),
        json_object(
            'id', new.id, 'review_id', new.review_id, 'url', new.url, 'title', new.title,
            'excerpt', new.excerpt, 'stance', new.stance, 'retrieved_on', new.retrieved_on,
            'sha256', new.sha256
        )
    );
end;

create trigger evidence_history_delete after delete on evidence
begin
    insert into history (actor, action, table_name, row_id, before, after) values (
        (select actor from acting), 'delete', 'evidence', old.id,
        json_object(
            'id', old.id, 'review_id', old.review_id, 'url', old.url, 'title', old.title,
            'excerpt', old.excerpt, 'stance', old.stance, 'retrieved_on', old.retrieved_on,
            'sha256', old.sha256
        ),
        null
    );
end;

create trigger opinions_history_update after update on opinions
begin
    insert into history (actor, action, table_name, row_id, before, after) values (
        (select actor from acting), 'update', 'opinions', old.id,
        json_object(
            'id', old.id, 'review_id', old.review_id, 'actor', old.actor, 'opinion', old.opinion,
            'note', old.note, 'given_on', old.given_on
        ),
        json_object(
            'id', new.id, 'review_id', new.review_id, 'actor', new.actor, 'opinion', new.opinion,
            'note', new.note, 'given_on', new.given_on
        )
    );
end;

create trigger opinions_history_delete after delete on opinions
begin
    insert into history (actor, action, table_name, row_id, before, after) values (
        (select actor from acting), 'delete', 'opinions', old.id,
        json_object(
            'id', old.id, 'review_id', old.review_id, 'actor', old.actor, 'opinion', old.opinion,
            'note', old.note, 'given_on', old.given_on
        ),
        null
    );
end;

-- Counts: what changes among the claims that are counted already. A row that `insert or replace`
-- removes fires no trigger of its own: it is noted beforehand, and counts once it was replaced.
create trigger claims_counted_replace before insert on claims
when exists (select 1 from claims where id = new.id) or exists (
    select 1 from claims
    where (article_id, start, end, speaker_id)
        = (new.article_id, new.start, new.end, new.speaker_id)
)
begin
    delete from counted_changes where n = 0;
    insert into counted_changes (
        n, claim_id, speaker_id, outlet_id, via_outlet_id, kind, status, published_on, said_on
    )
    select
        0, claims.id, claims.speaker_id, claims.outlet_id, claims.via_outlet_id, claims.kind,
        claims.status, claims.published_on, claims.said_on
    from claims
    where id <= (select claim_id from counted) and (
        id = new.id or (article_id, start, end, speaker_id)
            = (new.article_id, new.start, new.end, new.speaker_id)
    );
end;

create trigger claims_counted_insert after insert on claims
when new.id <= (select claim_id from counted) or exists (select 1 from counted_changes where n = 0)
begin
    update counted_changes set n = -1 where n = 0 and (
        claim_id = new.id or not exists (select 1 from claims where id = claim_id)
    );
    delete from counted_changes where n = 0;
    insert into counted_changes (
        n, claim_id, speaker_id, outlet_id, via_outlet_id, kind, status, published_on, said_on
    )
    select
        1, new.id, new.speaker_id, new.outlet_id, new.via_outlet_id, new.kind,
        new.status, new.published_on, new.said_on
    where new.id <= (select claim_id from counted);
end;

create trigger claims_counted_update after update
of id, speaker_id, outlet_id, via_outlet_id, kind, status, published_on, said_on on claims
begin
    insert into counted_changes (
        n, claim_id, speaker_id, outlet_id, via_outlet_id, kind, status, published_on, said_on
    )
    select
        -1, old.id, old.speaker_id, old.outlet_id, old.via_outlet_id, old.kind,
        old.status, old.published_on, old.said_on
    where old.id <= (select claim_id from counted);
    insert into counted_changes (
        n, claim_id, speaker_id, outlet_id, via_outlet_id, kind, status, published_on, said_on
    )
    select
        1, new.id, new.speaker_id, new.outlet_id, new.via_outlet_id, new.kind,
        new.status, new.published_on, new.said_on
    where new.id <= (select claim_id from counted);
end;

create trigger claims_counted_delete after delete on claims
when old.id <= (select claim_id from counted)
begin
    delete from counted_changes where n = 0;
    insert into counted_changes (
        n, claim_id, speaker_id, outlet_id, via_outlet_id, kind, status, published_on, said_on
    )
    select
        -1, old.id, old.speaker_id, old.outlet_id, old.via_outlet_id, old.kind,
        old.status, old.published_on, old.said_on;
end;

-- What is to be added to the counts that are kept.
create view claims_uncounted as
select
    1 as n, id as claim_id, speaker_id, outlet_id, via_outlet_id, kind, status, published_on,
    substr(published_on, 1, 7) as month, coalesce(said_on, published_on) as said
from claims not indexed  -- but by id: the few rows behind the last one counted
where id > (select claim_id from counted)
union all
select
    n, claim_id, speaker_id, outlet_id, via_outlet_id, kind, status, published_on,
    substr(published_on, 1, 7), coalesce(said_on, published_on)
from counted_changes
where n <> 0;

-- Left joins, so that counting and leafing touch no table but claims.
create view claims_browse as
select
    claims.id,
    claims.text,
    claims.kind,
    speakers.name as speaker,
    claims.role,
    claims.organization,
    outlets.name as outlet,
    vias.name as via,
    claims.said_on,
    claims.said_on_text,
    claims.published_on,
    substr(claims.published_on, 1, 7) as month,
    articles.url as article_url,
    articles.title as article_title,
    claims.start,
    claims.end,
    claims.cue,
    claims.status,
    claims.confidence,
    claims.rule,
    speakers.kind as speaker_kind,
    claims.language,
    claims.article_id,
    claims.speaker_id,
    articles.modified_on,
    claims.outlet_id,
    claims.via_outlet_id
from claims
left join speakers on speakers.id = claims.speaker_id
left join articles on articles.id = claims.article_id
left join outlets on outlets.id = claims.outlet_id
left join outlets as vias on vias.id = claims.via_outlet_id;

-- The counts that are kept, and anew for the few speakers who have claims beyond them.
create view speakers_summary as
select
    speakers.id,
    speakers.name as speaker,
    speakers.kind,
    kept.claims,
    kept.outlets,
    kept.first_said,
    kept.last_said,
    kept.checked
from speaker_counts as kept
join speakers on speakers.id = kept.speaker_id
where kept.speaker_id not in (select speaker_id from claims_uncounted)
union all
select
    speakers.id,
    speakers.name,
    speakers.kind,
    coalesce(kept.claims, 0) + sum(later.n),
    (
        -- Each outlet is looked up in the index from the one before it: no need to see all claims.
        with recursive quoting (outlet_id) as (
            select min(outlet_id) from claims where speaker_id = speakers.id
            union all
            select (
                select min(outlet_id) from claims
                where speaker_id = speakers.id and outlet_id > quoting.outlet_id
            )
            from quoting where quoting.outlet_id is not null
        )
        select count(outlet_id) from quoting
    ),
    case when sum(later.n < 0 and later.said = kept.first_said) > 0 then (
        select min(coalesce(said_on, published_on)) from claims where speaker_id = speakers.id
    ) else coalesce(
        min(kept.first_said, min(later.said) filter (where later.n > 0)),
        kept.first_said, min(later.said) filter (where later.n > 0)
    ) end,
    case when sum(later.n < 0 and later.said = kept.last_said) > 0 then (
        select max(coalesce(said_on, published_on)) from claims where speaker_id = speakers.id
    ) else coalesce(
        max(kept.last_said, max(later.said) filter (where later.n > 0)),
        kept.last_said, max(later.said) filter (where later.n > 0)
    ) end,
    coalesce(kept.checked, 0) + sum(later.checked)
from (
    select speaker_id, said, sum(n) as n, sum(n * (status = 'checked')) as checked
    from claims_uncounted
    group by speaker_id, said
) as later
join speakers on speakers.id = later.speaker_id
left join speaker_counts as kept on kept.speaker_id = later.speaker_id
group by speakers.id
having coalesce(kept.claims, 0) + sum(later.n) > 0;

-- Most claims are so: they are gone through by date, and not by an index of their status (+).
create view unchecked_claims as
select * from claims_browse where +status in ('suggested', 'accepted');
