/* Where only passkeys log in, password and recovery code let nobody in: they begin a wait, after which phones do again.
 *
 * The thief knows the password and has the sheet; the relay knows the password and gets every phone's approval. A wait is
 * told, and the owner objects with a passkey, or by a freeze, whenever the owner hears of it. Twins (-DNO_...) must fail.
 * That an admission asks for the policy too is a second lock of `begin`, which the model leaves out.
 */

mtype = { only, ending, none, open, pending, done };

/* The account's item: under `ending` phones are allowed once the wait is over. */
mtype policy = only;
bool frozen, has_code = true;
bool over; /* the time of the wait, by the service's clock */
/* The logins and registrations of the account. */
mtype login = none, registration = none;
/* Whether the account is still as a process read it: any change of it moves its audit log on. */
bool as_read[4];
#define THIEF 0
#define RELAY 1
#define OWNER 2
#define OPERATOR 3
#define MOVE_ON as_read[THIEF] = false; as_read[RELAY] = false; as_read[OWNER] = false; as_read[OPERATOR] = false
/* What people were told, and what came of it. */
bool told, objected, waited, ended_codes;

#define IS_OVER (policy == ending && over)
#ifdef NO_AS_READ
#define AS_READ(me) true
#else
#define AS_READ(me) as_read[me]
#endif
#ifdef NO_POLICY
#define PHONES_ALLOWED true
#else
#define PHONES_ALLOWED IS_OVER
#endif
#ifdef NO_ONE_WAIT
#define WAITS false
#else
#define WAITS (policy == ending)
#endif
#ifdef NO_WAIT
#define ENDS_AT_ONCE true
#else
#define ENDS_AT_ONCE false
#endif
#define CHECK_ENTRY assert(waited); assert(told); assert(!objected); assert(!frozen)

inline begin_wait() {
    assert(policy == only); /* nobody moves a wait that goes on */
    policy = ending;
    over = ENDS_AT_ONCE;
    waited = false;
    objected = false;
    told = false;
#ifndef NO_TOLD_AT_ONCE
    told = true;
#endif
    MOVE_ON
}

/* approvals.begin_recovery with recovery.passkey_only: the code is looked at, and not used up. */
inline begin() {
    atomic { as_read[THIEF] = true; ok = has_code && !frozen; waits = WAITS; is_over = IS_OVER };
    atomic {
        if
        :: ok && is_over -> registration = pending
        :: ok && !is_over && !waits && AS_READ(THIEF) ->
            assert(!ended_codes);
            begin_wait()
        :: else -> ok = false
        fi;
        as_read[THIEF] = false
    };
#ifdef NO_TOLD_AT_ONCE
    /* Another write tells; the function may die before it. */
    if :: ok && !is_over -> told = true :: skip fi;
#endif
    atomic { ok = false; waits = false; is_over = false }
}

/* verify_sms.step with approvals.admission. */
inline verify() {
    atomic { as_read[THIEF] = true; ok = registration == pending && has_code && PHONES_ALLOWED && !frozen };
    atomic {
        if
        :: ok && AS_READ(THIEF) ->
            CHECK_ENTRY;
            assert(!ended_codes);
            registration = done;
            has_code = false;
            MOVE_ON
        :: else -> skip
        fi;
        as_read[THIEF] = false;
        ok = false
    }
}

proctype Thief() {
    bool ok, waits, is_over;
    begin();
    begin(); /* asks again: by then the wait may be over, or ended */
    verify()
}

/* login.step, and what completes the login once the phone has approved it. */
proctype Relay() {
    bool ok;
    atomic { as_read[RELAY] = true; ok = PHONES_ALLOWED && !frozen };
    atomic {
        if
        :: ok && AS_READ(RELAY) -> login = open; MOVE_ON
        :: else -> skip
        fi;
        as_read[RELAY] = false;
        ok = false
    };
    atomic {
        if
        :: login == open -> CHECK_ENTRY; login = done
        :: else -> skip
        fi
    }
}

/* passkeys.change_policy: the time is that of the request, which takes its time. What a wait has let begin ends by state. */
inline choose_passkey_only(me) {
    atomic { as_read[me] = true; ok = policy == ending && !frozen };
    atomic {
        if
        :: ok && AS_READ(me) ->
#ifndef NO_END_BY_PASSKEY
            policy = only;
#endif
#ifndef NO_END_BY_STATE
            if :: login == open -> login = none :: else -> skip fi;
            if :: registration == pending -> registration = none :: else -> skip fi;
#endif
            objected = true;
            MOVE_ON
        :: else -> skip
        fi;
        as_read[me] = false;
        ok = false
    }
}

proctype Owner() {
    bool ok;
    choose_passkey_only(OWNER)
}

/* A freeze, by any phone or the link of a notice, and the opening; or the operator, who loosens, or demands it again. */
proctype Life() {
    bool ok;
    if
    :: atomic {
        frozen = true;
        objected = (policy == ending && !over -> true : objected);
#ifndef NO_END_BY_FREEZE
        policy = (policy == ending && !over -> only : policy);
#endif
#ifndef NO_END_OF_CODES
        has_code = false;
#endif
        ended_codes = true;
        login = (login == open -> none : login);
        registration = (registration == pending -> none : registration);
        MOVE_ON
       };
       atomic { frozen = false; MOVE_ON }
    :: atomic { as_read[OPERATOR] = true; ok = policy == only };
       atomic {
        if
        :: ok && AS_READ(OPERATOR) -> begin_wait(); told = true
        :: else -> skip
        fi;
        as_read[OPERATOR] = false;
        ok = false
       }
    :: choose_passkey_only(OPERATOR)
    fi
}

proctype Clock() {
    atomic { policy == ending -> over = true; waited = true };
    atomic { policy == ending && !over -> over = true; waited = true }
}

init {
    atomic {
        run Thief();
        run Relay();
        run Owner();
        run Life();
        run Clock()
    }
}
