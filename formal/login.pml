/* Logins: two phones of one account, two logins, a browser, a thief, an operator and two clocks.
 *
 * Every atomic block below is one conditional write (or one transaction) of functions/smartident. Between two of them
 * anything may happen: an interruption, a lost answer, a repeat. A process that just stops is a Lambda that died.
 *
 * The service's clock ends logins. The operator's clock may run ahead of it or behind it, and must decide nothing:
 * a revocation, a new password and a freeze end whatever is open by its state.
 *
 * Each twin (-DNO_...) leaves one condition out and must break an assertion. formal/check runs all of them.
 */

#define PHONES 2
#define LOGINS 2
#define LOST 1           /* the phone that a revocation is about */
#define TURNS 2          /* how often each phone decides; a phone that dies earlier is covered too */

mtype = { absent, pending, approved, completed, denied, cancelled };

typedef Login {
    mtype state = absent;
    bool over;           /* by the service's clock: past expires_at while pending, past complete_by while approved */
    bool barred;         /* the row bars the lost phone */
    byte decided_by;     /* a phone, or PHONES for nobody */
    byte password;       /* which password started it */
    byte looks;          /* how many transfer codes were compared */
    byte sessions;       /* how many sessions it became; a repeat of the same session does not count */
};

Login login[LOGINS];
bool alive[PHONES] = true;
byte head;               /* of the account's log: every start and every ending moves it */
byte password;           /* which password the account has */
bool frozen;

/* What somebody was told, for the assertions. */
bool told_denied[LOGINS];
bool told_revoked[PHONES];
bool told_password;
bool told_frozen;

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
#define WAS_ACTIVE(p) true
#else
#define WAS_ACTIVE(p) alive[p]
#endif
#ifdef NO_BAR
#define NOT_BARRED(l, p) true
#else
#define NOT_BARRED(l, p) !(p == LOST && login[l].barred)
#endif
#ifdef NO_ACTIVE_ON_DENY
#define STILL_ACTIVE(p) true
#else
#define STILL_ACTIVE(p) alive[p]
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
#ifdef NO_OWNER
#define IS_OWN(own) true
#else
#define IS_OWN(own) own
#endif
#ifdef NO_SAME_PASSWORD
#define MAY_START(proved) !frozen
#else
#ifdef NO_FROZEN
#define MAY_START(proved) (password == proved)
#else
#define MAY_START(proved) (password == proved && !frozen)
#endif
#endif

/* Each of these twins ends by time: what the operator's clock calls over stays as it is. */
#ifdef NO_END_BY_STATE_REVOCATION
#define REVOKES(l) !over_there[l]
#else
#define REVOKES(l) true
#endif
#ifdef NO_END_BY_STATE_PASSWORD
#define PASSWORD_ENDS(l) !over_there[l]
#else
#define PASSWORD_ENDS(l) true
#endif
#ifdef NO_END_BY_STATE_FREEZE
#define FREEZE_ENDS(l) !over_there[l]
#else
#define FREEZE_ENDS(l) true
#endif
#define IS_OPEN(state) (state == pending || state == approved)
#ifdef NO_HEAD
#define SAME_HEAD true
#else
#define SAME_HEAD (seen_head == head)
#endif
#ifdef NO_UNMOVED
#define UNMOVED(l) true
#else
#define UNMOVED(l) (!IS_OPEN(seen[l]) || seen[l] == login[l].state)
#endif

/* login.step: the password is checked first. The write demands that it still is the account's password. */
inline start(l) {
    proved = password;
    atomic {
        if
        :: login[l].state == absent && MAY_START(proved) ->
            assert(!told_frozen);
            assert(!told_password || proved == password);
            login[l].state = pending;
            login[l].decided_by = PHONES;
            login[l].password = proved;
            head++
        :: else -> skip
        fi
    }
}

/* approve.step: one read shows the phone and the login, then one write of the login's row decides. The signature is
 * right; the code typed may be wrong.
 */
inline read(l, p) {
    was_active = WAS_ACTIVE(p) && login[l].state != absent
}

inline approve(l, p, right) {
    atomic {
        if
        :: was_active && MAY_APPROVE(l) && NOT_BARRED(l, p) ->
            assert(!login[l].over);
            assert(!told_denied[l]);
#ifndef NO_END_BY_STATE_REVOCATION  /* these two twins go on to the session */
            assert(!told_revoked[p]);
#endif
#ifndef NO_END_BY_STATE_FREEZE
            assert(!told_frozen);
#endif
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

/* A denial is a transaction that also demands the active phone. It wins until the login is a session. */
inline deny(l, p) {
    atomic {
        if
        :: MAY_DENY(l) && STILL_ACTIVE(p) ->
            assert(!told_revoked[p]);
            login[l].state = denied;
            login[l].decided_by = p;
            told_denied[l] = true
#ifdef NO_DENIAL_OF_APPROVED
        :: !(MAY_DENY(l) && STILL_ACTIVE(p)) && login[l].state == approved -> told_denied[l] = true
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
            assert(!told_password || login[l].password == password);
            assert(!told_frozen);
            login[l].state = completed;
            login[l].sessions++;
            assert(login[l].sessions == 1)
        :: else -> skip
        fi
    }
}

/* The browser asks twice: an answer was lost, or somebody clicked twice. */
active proctype Browser() {
    byte proved;
    start(0);
    start(1);
    complete(0, true);
    complete(0, true);
    complete(1, true)
}

active [PHONES] proctype Phone() {
    byte me = _pid - 1;
    byte turns = 0;
    bool was_active = false;
    byte l = 0;
    do
    :: atomic {
            turns < TURNS -> turns++;
            if :: l = 0 :: l = 1 fi;
            read(l, me)
        };
        atomic {
            if
            :: true -> approve(l, me, true)
            :: true -> approve(l, me, false)
            :: true -> deny(l, me)
            fi;
            l = 0;
            was_active = false
        }
    :: turns == TURNS -> break
    od
}

active proctype Canceller() {
    atomic {
        if
        :: !login[0].over && (login[0].state == pending || login[0].state == approved) -> login[0].state = cancelled
        :: else -> skip
        fi
    }
}

/* Revoke the lost phone: bar it from what waits, deny what it approved. */
inline revoke(l) {
    if
    :: REVOKES(l) && seen[l] == pending -> login[l].barred = true
#ifndef NO_REVOCATION_DENIES
    :: REVOKES(l) && seen[l] == approved && login[l].decided_by == LOST -> login[l].state = denied
#endif
    :: else -> skip
    fi
}

/* A new password or a freeze cancels what is open. */
inline cancel_open(l, ends) {
    if
#ifndef NO_CANCEL
    :: ends && IS_OPEN(seen[l]) -> login[l].state = cancelled
#endif
    :: else -> skip
    fi
}

/* The operator or the other phone reads the head, reads the logins, and writes one transaction that holds only if
 * nothing moved meanwhile. A conflict changes nothing, so a second try is the same as a later first one.
 *
 * The operator's clock may run ahead or behind: it says anything about any deadline.
 */
active proctype Ender() {
    mtype seen[LOGINS];
    bool over_there[LOGINS];
    byte seen_head;
    seen_head = head;
    d_step { seen[0] = login[0].state; seen[1] = login[1].state };
    atomic {
        if :: over_there[0] = true :: skip fi;
        if :: over_there[1] = true :: skip fi;
        if
        :: SAME_HEAD && UNMOVED(0) && UNMOVED(1) ->
            head++;
            if
            :: true -> alive[LOST] = false; revoke(0); revoke(1); told_revoked[LOST] = true
            :: true -> password++; cancel_open(0, PASSWORD_ENDS(0)); cancel_open(1, PASSWORD_ENDS(1)); told_password = true
            :: true -> frozen = true; cancel_open(0, FREEZE_ENDS(0)); cancel_open(1, FREEZE_ENDS(1)); told_frozen = true
            fi
        :: else -> skip
        fi;
        seen[0] = 0; seen[1] = 0; over_there[0] = false; over_there[1] = false; seen_head = 0
    }
}

/* Knows the login_id, and has no token. */
active proctype Thief() {
    complete(0, false)
}

active proctype ServiceClock() {
    login[0].over = true;
    login[1].over = true
}
