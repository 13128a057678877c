"""The lists of needs: what a group is about, how much it would mend, where its search stands."""

from __future__ import annotations

from tempuse.vocabulary.terms import BitTerm, Term


class Theme(BitTerm):
    """What a group is about, and what an owner would like to see."""

    CULTURE = "culture", "Culture", "Music, theatre, art and memory.", 0
    SPORT = "sport", "Sport", "Moving and playing.", 1
    FOOD = "food", "Food", "Growing, cooking and sharing it.", 2
    MAKING = "making", "Making and mending", "Workshops, repair, reuse.", 3
    LEARNING = "learning", "Learning", "Courses, homework, research.", 4
    NATURE = "nature", "Nature and climate", "Gardens, soil, energy, water.", 5
    CARE = "care", "Care and welcome", "Being there for one another.", 6
    YOUTH = "youth", "Young people", "Places of their own.", 7
    NEIGHBOURHOOD = "neighbourhood", "Neighbourhood", "Meeting next door.", 8
    ENTERPRISE = "enterprise", "New enterprise", "Trying out a trade or a shop.", 9
    SCIENCE = "science", "Science and technology", "Labs, data, open tools.", 10
    OTHER = "other", "Other", "None of these.", 11


class Serves(Term):
    """For whom a group is there, if it wants to say so; no match ever looks at it."""

    EVERYBODY = "everybody", "Everybody", "Whoever comes."
    NEIGHBOURS = "neighbours", "Neighbours", "Who lives around."
    CHILDREN = "children", "Children", "With or without their parents."
    YOUNG_PEOPLE = "young_people", "Young people", "From school to a first job."
    OLDER_PEOPLE = "older_people", "Older people", "From retirement on."
    STUDENTS = "students", "Students", "Of schools and universities."
    ARTISTS = "artists", "Artists", "Of all arts."
    OTHER = "other", "Others", "None of these."


class Surroundings(Term):
    """How loud it is around a space, in words: a measured noise would tell where it is."""

    QUIET = "quiet", "Quiet", "Birds and voices."
    LIVELY = "lively", "Lively", "Traffic and people by day."
    LOUD = "loud", "Loud", "A main road, a railway, machines."
    UNKNOWN = "unknown", "Not known", "Nobody has said."


class Works(Term):
    """What a group would mend before it begins."""

    NONE = "none", "None", "It must be usable as it is."
    SMALL = "small", "Small repairs", "Paint, lamps, a door."
    LARGE = "large", "Large repairs", "A roof, pipes, a floor."


class NeedStatus(Term):
    """Where a group's search for a space stands."""

    DRAFT = "draft", "Draft", "Not sent yet."
    OPEN = "open", "Open", "The group looks for a space."
    MET = "met", "Met", "It has one."
    WITHDRAWN = "withdrawn", "Withdrawn", "It looks no more."


class NeedState(Term):
    """Where a group's search stands on a day: what was decided, and what the calendar says of it."""

    DRAFT = "draft", "Draft", "Not sent yet."
    WAITING = "waiting", "Looking", "The group looks for a space."
    ASKED = "asked", "Asked", "Nothing was heard for a while: the group was asked whether it still looks."
    LAPSED = "lapsed", "Not heard from", "In no list any more; one press brings it back."
    MET = "met", "Met", "It has one."
    WITHDRAWN = "withdrawn", "Withdrawn", "It looks no more."


class NeedAudience(Term):
    """Who may read of a need beyond the group and the office."""

    PRIVATE = "private", "Nobody else", "The group and the office."
    PARTNERS = "partners", "Partners", "Mediators who place groups, too; owners of spaces that fit, without a name."
    PUBLIC = "public", "Everybody", "After the office has looked at it."


class MetHow(Term):
    """How a search came to its end."""

    HERE = "here", "With a space of the register", "A permit tells of it."
    ELSEWHERE = "elsewhere", "Somewhere else", "The group found a space by itself."
    GIVEN_UP = "given_up", "Given up", "The group does not look any more."


class MatchTier(Term):
    """How a space fitted what was asked."""

    FITS = "fits", "Fits", "Every must is met, and enough is known of the rest."
    ASK = "ask", "To be asked about", "No must fails, and something is not known."
    NEAR = "near", "Does not fit", "A must fails."


class MatchBecause(Term):
    """Why it was kept how well a space fitted."""

    REQUESTED = "requested", "It was asked for", "A group asked for the space that it had found."
    PROPOSED = "proposed", "It was suggested", "The office suggested the space to a group."


class WatchPace(Term):
    """How often somebody hears of what begins to fit."""

    DAY = "day", "Each day", "One letter a day at most, in the morning."
    WEEK = "week", "Each week", "One letter a week at most."


class WatchEnd(Term):
    """How a watch came to its end."""

    LINK = "link", "By its link", "Its reader ended it on its page."
    ONE_CLICK = "one_click", "By the button of the mailbox", "Its reader’s mailbox ended it."
    BOUNCE = "bounce", "The letters came back", "The address takes no letters."
    LAPSED = "lapsed", "Its time was over", "Nobody said that it is still wanted."
    OFFICE = "office", "By the office", "The office ended it."
    ERASED = "erased", "Erased", "Its reader asked to be forgotten."
