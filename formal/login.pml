/* Logins: two phones of one account, two logins, a browser, a thief and a clock.
 *
 * Every atomic block below is one conditional write (or one transaction) of functions/smartident; what stands between
 * two of them can be interrupted, lost, repeated or never come. A process that just stops is a Lambda that died.
 * Each twin (-DNO_...) leaves one condition out, and must break an assertion: formal/check runs them all.
 */

#define PHONES 2
#define LOGINS 2
#define TURNS 2          /* how often each phone decides; one that dies earlier decides less, which is covered too */

mtype = { absent, pending, approved, completed, denied, cancelled };

typedef Login {
    mtype state = absent;
    bool over;           /* its deadline has passed: expires_at while pending, complete_by while approved */
    byte decided_by;     /* the phone, or PHONES for nobody */
    byte looks;          /* how many different transfer codes were looked at and counted */
    byte sessions;       /* how many sessions came of it; a repeat of the same one is none */
};

Login login[LOGINS];
bool alive[PHONES] = true;
byte guard;              /* changes with every login that begins: the account's map of pending logins */

/* What was promised to somebody, for the assertions. */
bool told_denied[LOGINS];
bool told_revoked[PHONES];

/* The conditions, and their absence in the negative twins. */
#ifdef NO_STATE
#define MAY_APPROVE(l) (!login[l].over && login[l].state != absent && login[l].state != completed)
#else
#define MAY_APPROVE(l) (!login[l].over && login[l].state == pending)
#endif
#ifdef NO_EXPIRY_ON_APPROVE
#undef MAY_APPROVE
#define MAY_APPROVE(l) (login[l].state == pending)
#endif
#ifdef NO_ACTIVE
#define MAY_ACT(p) true
#else
#define MAY_ACT(p) alive[p]
#endif
#ifdef NO_APPROVED
#define MAY_COMPLETE(l) (!login[l].over && (login[l].state == approved || login[l].state == pending))
#else
#ifdef NO_ONCE
#define MAY_COMPLETE(l) (!login[l].over && (login[l].state == approved || login[l].state == completed))
#else
#ifdef NO_EXPIRY_ON_COMPLETE
#define MAY_COMPLETE(l) (login[l].state == approved)
#else
#define MAY_COMPLETE(l) (!login[l].over && login[l].state == approved)
#endif
#endif
#endif
#ifdef NO_DENIAL_OF_APPROVED
#define MAY_DENY(l) (!login[l].over && login[l].state == pending)
#else
#define MAY_DENY(l) (!login[l].over && (login[l].state == pending || login[l].state == approved))
#endif

#ifdef NO_GUARD
#define SAME_GUARD true
#else
#define SAME_GUARD (seen_guard == guard)
#endif
#ifdef NO_UNMOVED
#define UNMOVED(l) true
#else
#define UNMOVED(l) (seen[l] == absent || seen[l] == login[l].state || login[l].over)
#endif
#ifdef NO_OWNER
#define IS_OWN(own) true
#else
#define IS_OWN(own) own
#endif

inline open_login(l) {
    atomic {
        if
        :: login[l].state == absent -> login[l].state = pending; login[l].decided_by = PHONES; guard++
        :: else -> skip
        fi
    }
}

/* approve.step: the signature is right; the code typed may not be. The write itself decides, so one code counts. */
inline approve(l, p, right) {
    atomic {
        if
        :: MAY_APPROVE(l) && MAY_ACT(p) ->
            assert(!login[l].over);
            assert(!told_revoked[p]);
            assert(!told_denied[l]);
            login[l].looks++;
            assert(login[l].looks == 1);
            login[l].decided_by = p;
            if
            :: right -> login[l].state = approved
#ifdef NO_STRIKE
            :: !right -> skip
#else
            :: !right -> login[l].state = denied
#endif
            fi
        :: else -> skip
        fi
    }
}

/* A denial wins until a session stands; the person is told only what was written. */
inline deny(l, p) {
    atomic {
        if
        :: MAY_DENY(l) && MAY_ACT(p) -> login[l].state = denied; login[l].decided_by = p; told_denied[l] = true
#ifdef NO_DENIAL_OF_APPROVED
        :: !(MAY_DENY(l) && MAY_ACT(p)) && login[l].state == approved -> told_denied[l] = true
#endif
        :: else -> skip
        fi
    }
}

inline complete(l, own) {
    atomic {
        if
        :: MAY_COMPLETE(l) && IS_OWN(own) ->
            assert(own);
            assert(!login[l].over);
            assert(login[l].decided_by < PHONES);
            assert(!told_revoked[login[l].decided_by]);
            assert(!told_denied[l]);
            login[l].state = completed;
            login[l].sessions++;
            assert(login[l].sessions == 1)
        :: else -> skip
        fi
    }
}

/* The browser asks twice: an answer was lost, or somebody clicked twice. */
active proctype Browser() {
    open_login(0);
    open_login(1);
    complete(0, true);
    complete(0, true);
    complete(1, true)
}

active proctype Canceller() {
    atomic {
        if
        :: !login[0].over && (login[0].state == pending || login[0].state == approved) -> login[0].state = cancelled
        :: else -> skip
        fi
    }
}

active [PHONES] proctype Phone() {
    byte me = _pid - 2;
    byte turns = 0;
    do
    :: turns < TURNS ->
        atomic {
            turns++;
            if
            :: true -> approve(0, me, true)
            :: true -> approve(0, me, false)
            :: true -> deny(0, me)
            :: true -> approve(1, me, true)
            :: true -> deny(1, me)
            fi
        }
    :: turns == TURNS -> break
    od
}

/* Phone 1 is lost, and phone 0 revokes it: read, then one transaction that holds only if nothing moved meanwhile. */
active proctype Revoker() {
    mtype seen[LOGINS];
    byte seen_guard;
    byte rounds = 0;
    do
    :: rounds < 3 ->
        rounds++;
        d_step { seen_guard = guard };
        d_step { seen[0] = login[0].state; seen[1] = login[1].state };
        atomic {
            if
            :: SAME_GUARD && UNMOVED(0) && UNMOVED(1) ->
                alive[1] = false;
#ifndef NO_REVOCATION_DENIES
                if :: seen[0] == approved && login[0].decided_by == 1 && login[0].state == approved -> login[0].state = denied :: else -> skip fi;
                if :: seen[1] == approved && login[1].decided_by == 1 && login[1].state == approved -> login[1].state = denied :: else -> skip fi;
#endif
                told_revoked[1] = true;
                goto done
            :: else -> skip
            fi
        }
    :: rounds == 3 -> break
    od;
done: skip
}

/* Knows the login_id, and has no token. */
active proctype Thief() {
    complete(0, false)
}

active proctype Clock() {
    login[0].over = true;
    login[1].over = true
}
