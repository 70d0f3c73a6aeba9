/* Freezing: while an account is frozen nothing is granted, and only the operator or a phone that was there opens it.
 *
 * The thief knows the password, reads every SMS and the person's mail, and got a phone in a while ago. A day is one tick
 * of the clock; a new phone cools off for two, a phone that was there a day before a freeze may open after it. Twins
 * (-DNO_...) must fail.
 */

#define OLD 0   /* the person's phone, there from the start */
#define THIEF 1 /* the thief's phone, and whatever the thief begins */
#define COOL_OFF 2
#define MAX_LINKS 2
#define DAYS 3

mtype = { none, begun, granted };

byte today = 1;
bool frozen;
byte frozen_on;
byte epoch; /* a freeze and a removed phone each begin the next */
bool is_in[2], link_used[3];
byte came_on[2];
byte links[6]; /* freezes by a link, of each day */
/* One thing that grants: a login, a registration, a session, a code. */
mtype grant = none;
byte granted_in;
bool ended; /* a freeze was told after it began */
bool as_read[2]; /* whether the account is still as a process read it */
#define MOVE_ON as_read[OLD] = false; as_read[THIEF] = false

#ifdef NO_FROZEN
#define TAKES_PASSWORDS true
#else
#define TAKES_PASSWORDS !frozen
#endif
#ifdef NO_EPOCH
#define SAME_EPOCH true
#else
#define SAME_EPOCH (granted_in == epoch)
#endif
#ifdef NO_AS_READ
#define AS_READ(r) true
#else
#define AS_READ(r) as_read[r]
#endif
#ifdef NO_KNOWN
#define WAS_KNOWN(r) true
#else
#define WAS_KNOWN(r) (came_on[r] + 1 <= frozen_on)
#endif
#ifdef NO_COOL_OFF
#define HAS_COOLED_OFF(r) true
#else
#define HAS_COOLED_OFF(r) (r == OLD || came_on[r] + COOL_OFF <= today)
#endif
#ifdef NO_STAYS_FROZEN
#define MAY_FREEZE true
#else
#define MAY_FREEZE !frozen
#endif
#ifdef NO_NAMED_FREEZE
#define IS_SIGNED_FOR(on) true
#else
#define IS_SIGNED_FOR(on) (on == frozen_on)
#endif
#ifdef NO_LINK_ONCE
#define IS_UNUSED(l) true
#else
#define IS_UNUSED(l) !link_used[l]
#endif
#ifdef NO_LIMIT
#define MAY_LINK true
#else
#define MAY_LINK (links[today] + links[today - 1] < MAX_LINKS)
#endif

/* freeze.freeze.frozen_by: all that waits ends by its epoch; frozen already, nothing changes. */
inline freeze() {
    if
    :: MAY_FREEZE ->
        assert(!frozen || frozen_on == today);
        frozen = true;
        frozen_on = today;
        epoch++;
        ended = true;
        MOVE_ON
    :: else -> skip
    fi
}

inline begin() {
    atomic { ok = TAKES_PASSWORDS; read_epoch = epoch };
    /* Between the two a freeze may pass: what is written then bears the epoch of before. */
    atomic {
        if
        :: ok -> grant = begun; granted_in = read_epoch; ended = read_epoch != epoch
        :: else -> skip
        fi;
        ok = false;
        read_epoch = 0
    }
}

inline complete(r) {
    atomic { as_read[r] = true; ok = grant == begun && SAME_EPOCH };
    atomic {
        if
        :: ok && AS_READ(r) ->
            assert(!frozen);
            assert(!ended);
            grant = granted
        :: else -> skip
        fi;
        as_read[r] = false;
        ok = false
    }
}

/* approvals.opening and freeze.opening: the phone signs for the freeze that it shows; the request may come late. */
inline open_again(r) {
    atomic { ok = is_in[r] && frozen; signed_for = frozen_on };
    atomic { as_read[r] = true; ok = ok && is_in[r] && frozen && HAS_COOLED_OFF(r) && WAS_KNOWN(r) && IS_SIGNED_FOR(signed_for) };
    atomic {
        if
        :: ok && AS_READ(r) ->
            assert(is_in[r]);
            assert(r != THIEF || came_on[THIEF] + COOL_OFF <= today);
            assert(r != THIEF || came_on[THIEF] < frozen_on);
            assert(signed_for == frozen_on);
            frozen = false;
            frozen_on = 0;
            MOVE_ON
        :: else -> skip
        fi;
        as_read[r] = false;
        ok = false;
        signed_for = 0
    }
}

proctype Person() {
    bool ok;
    byte signed_for;
    atomic { if :: is_in[OLD] -> freeze() :: else -> skip fi };
    open_again(OLD)
}

/* With the phone: a login or registration, then the account opened, or frozen once more so that the phone counts as known. */
proctype Thief() {
    bool ok;
    byte read_epoch, signed_for;
    begin();
    complete(THIEF);
    if
    :: atomic { is_in[THIEF] -> freeze() }
    :: true -> skip
    fi;
    open_again(THIEF)
}

/* The mail: three notices have a link each, and one is tried again. */
proctype Mail() {
    byte tries, l;
    do
    :: tries < 3 ->
        atomic {
            if :: l = tries :: l = 0 fi;
            tries++;
            if
            :: !frozen && IS_UNUSED(l) && MAY_LINK ->
                assert(!link_used[l]);
                assert(links[today] + links[today - 1] < MAX_LINKS);
                link_used[l] = true;
                links[today]++;
                freeze()
            :: else -> skip
            fi;
            l = 0
        }
    :: else -> break
    od
}

/* The operator freezes or opens, or removes a phone. */
proctype Operator() {
    if
    :: atomic { true -> freeze() }
    :: atomic { is_in[OLD] = false; epoch++; MOVE_ON }
    :: true -> skip
    fi;
    atomic { frozen = false; frozen_on = 0; MOVE_ON }
}

proctype Clock() {
    do
    :: today < DAYS -> today++
    :: break
    od
}

init {
    atomic {
        is_in[OLD] = true;
        is_in[THIEF] = true;
        came_on[THIEF] = today;
        run Person();
        run Thief();
        run Mail();
        run Operator();
        run Clock()
    }
}
