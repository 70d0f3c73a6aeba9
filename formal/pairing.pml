/* Pairings: a person sets up a new phone by the old one, while a thief who knows the password wants in with another phone.
 *
 * The thief also sends a code of the thief's own to the person, and reads every code that the person passes on. The person
 * answers truthfully whether there is a new phone in the other hand, takes the code from that phone's screen only, and
 * compares nothing else. An account has one pairing at a time. Twins (-DNO_...) must fail.
 */

#define PERSON 0
#define THIEF 1
#define NOBODY 2

mtype = { none, waiting, approved, declined, used };

typedef Pairing {
    mtype state = none;
    byte holder = NOBODY; /* whose phone it would let in */
    bool over;
    byte epoch;           /* the account's, when it began */
    byte looks;           /* how often a code was compared with it */
    byte devices;         /* devices that came of it */
};

Pairing pairing;
byte epoch;               /* a revocation, a new password and a freeze each begin the next */
bool old_active = true;   /* the old phone, which signs */
bool setting_up;          /* the person holds a new phone */

#ifdef NO_SLOT
#define IS_FREE true
#else
#define IS_FREE !(IS_LIVE && (pairing.state == waiting || pairing.state == approved))
#endif
#define IS_LIVE (!pairing.over && pairing.epoch == epoch)

#ifdef NO_STATEMENT
#define IS_SIGNED(seen) true
#else
#define IS_SIGNED(seen) (pairing.holder == seen)
#endif
#ifdef NO_CODE
#define IS_CODE(code) true
#else
#define IS_CODE(code) (pairing.holder == code)
#endif
#ifdef NO_ACTIVE
#define MAY_SIGN true
#else
#define MAY_SIGN old_active
#endif
#ifdef NO_STRIKE
#define AFTER_WRONG waiting
#else
#define AFTER_WRONG declined
#endif

#ifdef NO_DIRECTION
/* The old phone shows and the new one scans: a code that the person passes on is then all that it takes. */
#define IS_LET_IN(r) (pairing.state == approved && pairing.holder == r || setting_up && by == THIEF)
#else
#define IS_LET_IN(r) (pairing.state == approved && pairing.holder == r)
#endif
#ifdef NO_KEY
#define IS_KEY(r) true
#else
#define IS_KEY(r) (by == r)
#endif
#ifdef NO_EXPIRY
#define IN_TIME true
#else
#define IN_TIME !pairing.over
#endif
#ifdef NO_EPOCH
#define IN_EPOCH true
#else
#define IN_EPOCH (pairing.epoch == epoch)
#endif
#ifdef NO_ONCE
#define AFTER_USE approved
#else
#define AFTER_USE used
#endif

/* approvals.begin_pairing: one waits at a time. */
inline begin(r) {
    atomic {
        if
        :: r == PERSON -> setting_up = true
        :: else -> skip
        fi;
        if
        :: IS_FREE ->
            assert(!(IS_LIVE && pairing.state == waiting));
            pairing.state = waiting;
            pairing.holder = r;
            pairing.over = false;
            pairing.epoch = epoch;
            pairing.looks = 0;
            pairing.devices = 0
        :: else -> skip
        fi
    }
}

/* approvals.new_device: the first decision that is written is the only one. `seen` is what the statement said. */
inline approve(seen, code) {
    atomic {
        if
        :: pairing.state == waiting && IS_LIVE && IS_SIGNED(seen) && MAY_SIGN ->
            assert(old_active);
            assert(pairing.holder == seen);
            pairing.looks++;
            assert(pairing.looks == 1);
            if
            :: IS_CODE(code) -> pairing.state = approved
            :: else -> pairing.state = AFTER_WRONG
            fi
        :: else -> skip
        fi
    }
}

inline decline(seen) {
    atomic {
        if
        :: pairing.state == waiting && IS_LIVE && IS_SIGNED(seen) && MAY_SIGN -> pairing.state = declined
        :: else -> skip
        fi
    }
}

/* verify_sms.step without a code: `by` is whose key signed the request. */
inline verify(r, whose) {
    atomic {
        by = whose;
        if
        :: IS_LET_IN(r) && IS_KEY(r) && IN_TIME && IN_EPOCH ->
            assert(by == PERSON);
            assert(r == PERSON);
            assert(!pairing.over);
            assert(pairing.epoch == epoch);
            pairing.devices++;
            assert(pairing.devices == 1);
            pairing.state = AFTER_USE
        :: else -> skip
        fi
    }
}

/* The old phone: it shows the statement first, and between what is seen and what is signed anything may happen. */
proctype Old() {
    byte seen, code, turns;
    do
    :: turns < 3 ->
        turns++;
        seen = NOBODY;
        atomic {
            if
            :: pairing.state == waiting && IS_LIVE -> seen = pairing.holder
            :: else -> skip
            fi
        };
        if
        :: seen == NOBODY -> skip
        :: seen != NOBODY && !setting_up ->
#ifdef NO_QUESTION
            /* Nobody asks for a phone in the hand: the person scans what the thief has sent. */
            approve(seen, THIEF)
#else
            decline(seen)
#endif
        :: seen != NOBODY && setting_up ->
            code = PERSON;
#ifdef NO_OWN_SCREEN
            /* What remains: the person takes the code from a message, with the new phone in the other hand. */
            if :: code = THIEF :: skip fi;
#endif
            approve(seen, code)
        fi
    :: else -> break
    od
}

proctype New() {
    byte by;
    begin(PERSON);
    verify(PERSON, PERSON);
    begin(PERSON);
    verify(PERSON, PERSON);
    /* The answer got lost. */
    verify(PERSON, PERSON)
}

proctype Thief() {
    byte by;
    begin(THIEF);
    verify(THIEF, THIEF);
    verify(PERSON, THIEF);
    begin(THIEF);
    verify(THIEF, THIEF)
}

proctype Revocation() {
    atomic {
        epoch++;
        if :: old_active = false :: skip fi
    }
}

proctype Clock() {
    pairing.over = true;
    pairing.over = true
}

init {
    atomic {
        run Old();
        run New();
        run Thief();
        run Revocation();
        run Clock()
    }
}
