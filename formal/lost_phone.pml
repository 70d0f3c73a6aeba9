/* LostPhoneDelay: the thief, who knows the password and reads every SMS, has a phone wait in place of the owner's.
 *
 * So does the owner, once the phone is lost. A wait is told to whom it can reach, and any device of the account stops it.
 * Somebody who can write the table puts an earlier wait back. Twins (-DNO_...) must fail.
 */

#define OWNER 0
#define THIEF 1
#define NOBODY 9

mtype = { none, waiting, stopped, used };

typedef Wait {
    mtype state = none;
    byte holder = NOBODY; /* whose phone it would let in */
    byte epoch;
    bool is_early;        /* the delay is not over */
    bool is_late;         /* its time to finish is */
};

Wait wait; /* the account has one at a time */
Wait kept;
byte epoch; /* a removed phone, a new password, a freeze and a stopped wait each begin the next */
bool offered, reachable, passkey_only; /* the operator's setting; an e-mail or a second device; the account's policy */
bool old_active = true;
bool as_read[2]; /* whether the account is still as a process read it */
bool wait_as_read[2]; /* the same of the wait's item, which the writer changes alone */
#define MOVE_ON as_read[OWNER] = false; as_read[THIEF] = false
/* What people were told, and what came of it. */
bool told[2], told_stopped[2], is_in[2], cools_off[2];
byte began_in[2];

#define IS_CURRENT (wait.epoch == epoch)
#ifdef NO_EPOCH
#define MAY_LET_IN true
#else
#define MAY_LET_IN IS_CURRENT
#endif
#ifdef NO_OFFER
#define IS_OFFERED true
#else
#define IS_OFFERED offered
#endif
#ifdef NO_REACH
#define IS_REACHED true
#else
#define IS_REACHED reachable
#endif
#ifdef NO_SLOT
#define IS_FREE true
#else
#define IS_FREE !(wait.state == waiting && IS_CURRENT && !wait.is_late)
#endif
#ifdef NO_DELAY
#define IS_TIME true
#else
#define IS_TIME !wait.is_early
#endif
#ifdef NO_LATE
#define IN_TIME true
#else
#define IN_TIME !wait.is_late
#endif
#ifdef NO_HOLDER
#define IS_ITS(r) true
#else
#define IS_ITS(r) (wait.holder == r)
#endif
#ifdef NO_AS_READ
#define AS_READ(r) true
#else
#define AS_READ(r) as_read[r]
#endif
#ifdef NO_SAME_WAIT
#define SAME_WAIT(r) true
#else
#define SAME_WAIT(r) wait_as_read[r]
#endif
#ifdef NO_POLICY
#define TAKES_PASSWORDS true
#else
#define TAKES_PASSWORDS !passkey_only
#endif
#ifdef NO_COOL_OFF
#define COOLS_OFF false
#else
#define COOLS_OFF true
#endif

/* enrolment.delay.begin_delay: password and SMS code were right. Once begun, the same request changes nothing. */
inline begin(r) {
    atomic {
        as_read[r] = true;
        wait_as_read[r] = true;
        ok = IS_OFFERED && IS_REACHED && IS_FREE && TAKES_PASSWORDS && wait.holder != r
    };
    atomic {
        if
        :: ok && AS_READ(r) && SAME_WAIT(r) ->
            assert(offered);
            assert(reachable);
            assert(!(wait.state == waiting && IS_CURRENT && !wait.is_late));
            wait.state = waiting;
            wait.holder = r;
            wait.epoch = epoch;
            wait.is_early = true;
            wait.is_late = false;
            began_in[r] = epoch;
#ifndef NO_TOLD_AT_ONCE
            told[r] = true;
#endif
            MOVE_ON
        :: else -> skip
        fi;
        as_read[r] = false;
        wait_as_read[r] = false
    };
#ifdef NO_TOLD_AT_ONCE
    /* Another write tells; the function may die before it. */
    if :: ok -> told[r] = true :: skip fi;
#endif
    ok = false
}

/* verify_sms.step with enrolment.delay.admission_after_delay. Whether it is late, the request's own time says. */
inline verify(r) {
    atomic {
        as_read[r] = true;
        wait_as_read[r] = true;
        was_late = wait.is_late;
        ok = IS_ITS(r) && wait.state == waiting && MAY_LET_IN && IS_TIME && IN_TIME && TAKES_PASSWORDS
    };
    atomic {
        if
        :: ok && AS_READ(r) && SAME_WAIT(r) && !is_in[r] -> /* a registration becomes one device: registration.pml */
            assert(wait.holder == r);
            assert(!is_in[r]);
            assert(told[r]);
            assert(!told_stopped[r]);
            assert(began_in[r] == epoch);
            assert(!wait.is_early);
            assert(!was_late);
            assert(!passkey_only);
            is_in[r] = true;
            cools_off[r] = COOLS_OFF;
            wait.state = used;
            MOVE_ON
        :: else -> skip
        fi;
        as_read[r] = false;
        wait_as_read[r] = false;
        was_late = false;
        ok = false
    }
}

/* enrolment.stop_delay: by the old phone, or by the operator. */
inline stop() {
    atomic {
        if
        :: wait.state == waiting && IS_CURRENT && !wait.is_late ->
            wait.state = stopped;
            told_stopped[wait.holder] = true;
#ifndef NO_END_BY_STOP
            epoch++;
#endif
            MOVE_ON
        :: else -> skip
        fi
    }
}

proctype Owner() {
    bool ok, was_late;
    begin(OWNER);
    verify(OWNER);
    verify(OWNER) /* the answer got lost, or the wait was not over */
}

/* The phone that got in removes no older one before the owner could freeze. */
proctype Thief() {
    bool ok, was_late;
    begin(THIEF);
    verify(THIEF);
    verify(THIEF);
    assert(!is_in[THIEF] || cools_off[THIEF])
}

proctype Device() {
    atomic {
        if
        :: old_active -> stop()
        :: else -> skip
        fi
    }
}

/* The operator stops it, removes the lost phone, sets a new password or freezes; or the owner wants passkeys only. */
proctype Life() {
    if
    :: true -> stop()
    :: atomic { old_active = false; epoch++; MOVE_ON }
    :: atomic { passkey_only = true; MOVE_ON }
    fi
}

proctype Clock() {
    wait.is_early = false;
    if :: wait.is_late = true :: skip fi
}

inline copy(there, here) {
    there.state = here.state;
    there.holder = here.holder;
    there.epoch = here.epoch
}

/* What is put back is as late as it was: its times are those of the item. */
proctype Writer() {
    atomic { copy(kept, wait) };
    atomic {
        if
        :: kept.holder == wait.holder -> copy(wait, kept); wait_as_read[OWNER] = false; wait_as_read[THIEF] = false
        :: else -> skip
        fi;
        kept.state = none;
        kept.holder = NOBODY;
        kept.epoch = 0
    }
}

init {
    atomic {
        if :: offered = true :: skip fi;
        if :: reachable = true :: skip fi;
        run Owner();
        run Thief();
        run Device();
        run Life();
        run Clock();
        run Writer()
    }
}
