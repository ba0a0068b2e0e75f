"""The office's own words, as data: `rules/policy/words.toml` and `rules/policy/secrecy.toml`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    def __eq__(self, other: object) -> bool:
        """Only the same table: what reading prepares is kept under it, and asked for with every message."""
        return self is other

    def __hash__(self) -> int:
        return id(self)


class Secrecy(_Table):
    """secrecy.toml: what is refused, what is asked about, what only warns (D13)."""

    levels: tuple[str, ...]
    initials: tuple[str, ...]
    initials_of: tuple[str, ...]
    stars: tuple[str, ...]
    fields: tuple[str, ...]
    no_level: tuple[str, ...]
    papers: tuple[str, ...]
    spoken: tuple[str, ...]
    says: tuple[str, ...]
    treated: tuple[str, ...]
    denials: tuple[str, ...]
    ordinary: tuple[str, ...]
    general: tuple[str, ...]
    prohibitions: tuple[str, ...]
    this_one: tuple[str, ...]
    internal: tuple[str, ...]
    mentions: tuple[str, ...]
    unrelated: tuple[str, ...]
    harmless: tuple[str, ...]
    lone_not: tuple[str, ...]
    lone_papers: tuple[str, ...]


class NumberWords(_Table):
    """[number] document numbers 发文字号 and short register numbers."""

    heads: tuple[str, ...]
    citing: tuple[str, ...]
    stops: tuple[str, ...]
    series: tuple[str, ...]
    labels_of_register: tuple[str, ...]
    papers: tuple[str, ...]
    acts_after_bare: tuple[str, ...]
    day_before: tuple[str, ...]
    day_after: tuple[str, ...]
    thing_before: tuple[str, ...]
    not_day_before: tuple[str, ...]
    hotlines: tuple[str, ...]


class UnitWords(_Table):
    """[units] how the office's units and those outside it are written."""

    county_names: tuple[str, ...]
    outside_before: tuple[str, ...]
    endings: tuple[str, ...]
    verbs_before: tuple[str, ...]
    after_bare: tuple[str, ...]
    not_unit_after: tuple[str, ...]
    committees: tuple[str, ...]
    other_names: tuple[tuple[str, str], ...]
    elsewhere: tuple[str, ...]
    all_towns: tuple[str, ...]
    all_sections: tuple[str, ...]
    all_bureaus: tuple[str, ...]
    outside_endings: tuple[str, ...]
    plain_endings: tuple[str, ...]
    after_sender: tuple[str, ...]
    opens_entry: tuple[str, ...]
    above: tuple[str, ...]
    beside: tuple[str, ...]
    ministries: tuple[str, ...]
    own: tuple[str, ...]
    not_above: tuple[str, ...]


class PeopleWords(_Table):
    """[people] posts, familiar forms, and where a name can stand."""

    double_surnames: tuple[str, ...]
    posts: tuple[tuple[str, str], ...]
    not_post_after: tuple[str, ...]
    sole_posts: tuple[str, ...]
    elders: tuple[str, ...]
    before_name: tuple[str, ...]
    before_slip: tuple[str, ...]
    after_name: tuple[str, ...]
    not_name_after: tuple[str, ...]
    sounds: tuple[str, ...]


class TitleWords(_Table):
    """[titles] kinds of documents 文种 and where a title ends."""

    kinds: tuple[str, ...]
    adjectives: tuple[str, ...]
    stages: tuple[str, ...]
    after_title: tuple[str, ...]
    citing: tuple[str, ...]
    bare_kinds: tuple[str, ...]


class DocumentWords(_Table):
    """[document] what the entry of a document is made of."""

    log: tuple[str, ...]
    arrived: tuple[str, ...]
    log_firm: tuple[str, ...]
    sender_labels: tuple[str, ...]
    number_labels: tuple[str, ...]
    title_labels: tuple[str, ...]
    due_labels: tuple[str, ...]
    handler_labels: tuple[str, ...]
    copies_labels: tuple[str, ...]
    urgency_labels: tuple[str, ...]
    other_labels: tuple[str, ...]
    procedure_labels: tuple[str, ...]
    marks: tuple[str, ...]
    unmarked_before: tuple[str, ...]
    to: tuple[str, ...]
    does: tuple[str, ...]
    looks_into: tuple[str, ...]
    told_after: tuple[str, ...]
    told_before: tuple[str, ...]
    filler: tuple[str, ...]
    asks_for: tuple[str, ...]
    copies_words: tuple[str, ...]
    circulate: tuple[str, ...]
    periodicals: tuple[str, ...]
    reports: tuple[str, ...]
    begs: tuple[str, ...]
    letters: tuple[str, ...]
    petition: tuple[str, ...]
    petition_senders: tuple[str, ...]
    petitioners: tuple[str, ...]
    reflects: tuple[str, ...]
    log_not: tuple[str, ...]
    not_entry: tuple[str, ...]


class TalkWords(_Table):
    """[talk] what makes a sentence a question, a condition, a denial, mere talk."""

    question: tuple[str, ...]
    conditions: tuple[str, ...]
    denials: tuple[str, ...]


class EmergencyWords(_Table):
    """[emergency] what happens to people and property, and what only speaks of it."""

    nature: tuple[str, ...]
    accident: tuple[str, ...]
    health: tuple[str, ...]
    society: tuple[str, ...]
    weak: tuple[str, ...]
    sites: tuple[str, ...]
    fires: tuple[str, ...]
    wild: tuple[str, ...]
    either: tuple[str, ...]
    signs: tuple[str, ...]
    casualties: tuple[str, ...]
    hard_not: tuple[str, ...]
    at_work: tuple[str, ...]
    own_family: tuple[str, ...]
    figures: tuple[str, ...]
    soft_not: tuple[str, ...]
    heads: tuple[str, ...]
    follow_ups: tuple[str, ...]
    place_nouns: tuple[str, ...]
    place_labels: tuple[str, ...]
    time_labels: tuple[str, ...]
    place_ends: tuple[str, ...]
    idioms: tuple[str, ...]
    gas: tuple[str, ...]
    no_place: tuple[str, ...]
    jokes: tuple[str, ...]
    victims: tuple[str, ...]
    outages: tuple[str, ...]


class UnsureWords(_Table):
    """[unsure] traces of documents and emergencies in what no rule recognises."""

    dire: tuple[str, ...]
    alarming: tuple[str, ...]
    trouble: tuple[str, ...]
    helpers: tuple[str, ...]
    now: tuple[str, ...]
    folk: tuple[str, ...]
    victims: tuple[str, ...]
    past: tuple[str, ...]
    idioms: tuple[str, ...]
    papers: tuple[str, ...]
    senders: tuple[str, ...]
    desk: tuple[str, ...]
    to: tuple[str, ...]
    does: tuple[str, ...]
    talk: tuple[str, ...]


class ActWords(_Table):
    """[acts] verbs of signing, closing, deferring, handing over."""

    close: tuple[str, ...]
    sign: tuple[str, ...]
    opinion_heads: tuple[str, ...]
    receipts: tuple[str, ...]
    defer: tuple[str, ...]
    limit_words: tuple[str, ...]
    reasons: tuple[str, ...]
    hand_over: tuple[str, ...]
    takes: tuple[str, ...]
    firm_hand_over: tuple[str, ...]
    arrows: tuple[str, ...]
    courtesy: tuple[str, ...]
    dealing: tuple[str, ...]
    not_in_time: tuple[str, ...]
    thanks: tuple[str, ...]
    hopes: tuple[str, ...]


class LeaveWords(_Table):
    """[leave] absences and who stands in."""

    firm: tuple[str, ...]
    away: tuple[str, ...]
    stand_in: tuple[str, ...]
    stand_in_after: tuple[str, ...]
    none: tuple[str, ...]


class DutyWords(_Table):
    """[duty] entries and hand-overs of the duty room."""

    heads: tuple[str, ...]
    none: tuple[str, ...]


class OrderWords(_Table):
    """[orders] leaders' instructions, written or spoken."""

    firm: tuple[str, ...]
    none_before: tuple[str, ...]
    none_after: tuple[str, ...]
    demands: tuple[str, ...]
    not_order: tuple[str, ...]
    written: tuple[str, ...]


class WishWords(_Table):
    """[wishes] finding a document, one's own work, help."""

    find: tuple[str, ...]
    mine: tuple[str, ...]
    help: tuple[str, ...]
    help_only: tuple[str, ...]
    fillers: tuple[str, ...]
    find_last: tuple[str, ...]
    not_find: tuple[str, ...]
    glance: tuple[str, ...]
    papers: tuple[str, ...]
    addressed: tuple[str, ...]


class QuestionWords(_Table):
    """[question] measures, states and filters of questions."""

    average_time: tuple[str, ...]
    rank: tuple[str, ...]
    unread: tuple[str, ...]
    unread_who: tuple[str, ...]
    holder: tuple[str, ...]
    progress: tuple[str, ...]
    count: tuple[str, ...]
    open: tuple[str, ...]
    overdue: tuple[str, ...]
    due_soon: tuple[str, ...]
    closed: tuple[str, ...]
    waiting_signature: tuple[str, ...]
    waits: tuple[str, ...]
    signs: tuple[str, ...]
    requests: tuple[str, ...]
    superiors: tuple[str, ...]
    circulations: tuple[str, ...]
    urgents: tuple[str, ...]
    letters: tuple[str, ...]
    mine: tuple[str, ...]
    not_mine: tuple[str, ...]
    back_start: tuple[str, ...]
    back_anywhere: tuple[str, ...]
    back_bare: tuple[str, ...]
    back_end: tuple[str, ...]
    find: tuple[str, ...]
    not_find: tuple[str, ...]
    filler: tuple[str, ...]
    particles: tuple[str, ...]
    particles_before: tuple[str, ...]
    word_heads: tuple[str, ...]
    word_tails: tuple[str, ...]
    times: tuple[str, ...]
    look: tuple[str, ...]
    separators: tuple[str, ...]
    not_units: tuple[str, ...]


class CorrectionWords(_Table):
    """[correction] what a correction of an entry is about."""

    due: tuple[str, ...]
    handler: tuple[str, ...]
    title: tuple[str, ...]
    number: tuple[str, ...]
    sender: tuple[str, ...]
    urgency: tuple[str, ...]
    none: tuple[str, ...]
    copies: tuple[str, ...]
    procedure: tuple[str, ...]
    changes: tuple[str, ...]
    procedures: tuple[tuple[str, str], ...]
    bare_changes: tuple[str, ...]
    partly: tuple[str, ...]


class TaskWords(_Table):
    """[task] what the entry of a supervised task is made of."""

    title: tuple[str, ...]
    title_bare: tuple[str, ...]
    source: tuple[str, ...]
    lead: tuple[str, ...]
    support: tuple[str, ...]
    person: tuple[str, ...]
    due: tuple[str, ...]
    rhythm: tuple[str, ...]
    field: tuple[str, ...]
    remark: tuple[str, ...]
    half_monthly: tuple[str, ...]
    monthly: tuple[str, ...]
    quarterly: tuple[str, ...]
    reports: tuple[str, ...]
    instructions: tuple[str, ...]
    places: tuple[str, ...]
    by: tuple[str, ...]


class Words(_Table):
    """words.toml."""

    number: NumberWords
    units: UnitWords
    people: PeopleWords
    titles: TitleWords
    document: DocumentWords
    talk: TalkWords
    emergency: EmergencyWords
    unsure: UnsureWords
    acts: ActWords
    leave: LeaveWords
    duty: DutyWords
    orders: OrderWords
    wishes: WishWords
    question: QuestionWords
    correction: CorrectionWords
    task: TaskWords
