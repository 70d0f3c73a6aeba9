/* Enrolment codes: an operator issues one, a second operator confirms it, and a phone comes in by it, once.
 *
 * One operator is a crook, who issues codes for an accomplice. The finder opened the person's letter; the thief knows the
 * password, reads every SMS, and guesses. Somebody who can write the table puts an earlier code back. The account had a
 * phone before. Twins (-DNO_...) must fail. That a used code says so is a second lock, which the model leaves out.
 */

#define PERSON 0
#define FINDER 1
#define ACCOMPLICE 2
#define THIEF 3
#define ISSUER 0
#define SECOND 1
#define CROOK 2
#define NOBODY 9
#define GUESS 7

mtype = { none, unconfirmed, open, pending, verified };

typedef Code {
    byte id;
    mtype state = none;
    byte issued_by = NOBODY;
    byte epoch;
};

typedef Registration {
    mtype state = none;
    byte code;
};

Code code; /* the account has one at a time */
Code kept; /* what somebody kept from before */
byte epoch; /* what ends codes begins the next */
bool frozen;
Registration registration[4];
/* Whether the account is still as a process read it: any change of it moves its audit log on. */
bool as_read[4];
#define MOVE_ON as_read[PERSON] = false; as_read[FINDER] = false; as_read[ACCOMPLICE] = false; as_read[THIEF] = false
bool code_as_read[4]; /* the same of the code's item, which the writer changes alone */
/* What became of each code, and of the phones. */
bool is_issued[3], is_confirmed[3], is_used[3], is_ended[3], is_over[3];
bool is_in[4], cools_off[4];

#ifdef NO_CONFIRMED
#define IS_OPEN (code.state != none)
#else
#define IS_OPEN (code.state == open)
#endif
#ifdef NO_EPOCH
#define SAME_EPOCH true
#else
#define SAME_EPOCH (code.epoch == epoch)
#endif
#ifdef NO_LIFETIME
#define IN_TIME true
#else
#define IN_TIME !is_over[code.id]
#endif
#define IS_CURRENT (SAME_EPOCH && IN_TIME)
#ifdef NO_CODE
#define IS_TYPED(c) true
#else
#define IS_TYPED(c) (code.id == c)
#endif
#ifdef NO_FROZEN
#define MAY_BEGIN true
#else
#define MAY_BEGIN !frozen
#endif
#ifdef NO_AS_READ
#define AS_READ(r) true
#else
#define AS_READ(r) as_read[r]
#endif
#ifdef NO_SAME_CODE
#define SAME_CODE(r) true
#else
#define SAME_CODE(r) code_as_read[r]
#endif
#ifdef NO_OTHER_OPERATOR
#define IS_OTHER(who) true
#else
#define IS_OTHER(who) (code.issued_by != who)
#endif
#ifdef NO_NAMED_ISSUER
#define IS_NAMED(whose) true
#else
#define IS_NAMED(whose) (code.issued_by == whose)
#endif
#ifdef NO_COOL_OFF
#define COOLS_OFF false
#else
#define COOLS_OFF true
#endif

inline end_all() {
    is_ended[1] = is_ended[1] || is_issued[1];
    is_ended[2] = is_ended[2] || is_issued[2]
}

/* enrolment.issue.issue_enrolment_code: the code before counts no more, wherever it lies. */
inline issue(c, who) {
    atomic {
        end_all();
#ifndef NO_END_BY_ISSUE
        epoch++;
#endif
        code.id = c;
        code.state = unconfirmed;
        code.issued_by = who;
        code.epoch = epoch;
        is_issued[c] = true;
        MOVE_ON
    }
}

/* enrolment.issue.confirm_issued_code: the second operator says whose code it is to be. */
inline confirm(who, whose) {
    atomic {
        if
        :: code.state == unconfirmed && IS_CURRENT && IS_OTHER(who) && IS_NAMED(whose) ->
            assert(code.issued_by != who);
            assert(code.issued_by == whose);
            code.state = open;
            is_confirmed[code.id] = true;
            MOVE_ON
        :: else -> skip
        fi
    }
}

/* enrolment.authenticate and begin: `c` is the code that was typed. */
inline begin(r, c) {
    atomic {
        if
        :: MAY_BEGIN && IS_TYPED(c) && IS_OPEN && IS_CURRENT ->
            registration[r].state = pending;
            registration[r].code = code.id
        :: else -> skip
        fi
    }
}

/* verify_sms.step with approvals.admission: the very code that the registration began with is used up. */
inline verify(r) {
    atomic {
        as_read[r] = true;
        code_as_read[r] = true;
        ok = registration[r].state == pending && code.id == registration[r].code && IS_OPEN && IS_CURRENT
    };
    atomic {
        if
        :: ok && AS_READ(r) && SAME_CODE(r) && registration[r].state == pending && IN_TIME ->
            assert(r != THIEF);
            assert(r != ACCOMPLICE);
            assert(is_confirmed[registration[r].code]);
            assert(!is_used[registration[r].code]);
            assert(!is_ended[registration[r].code]);
            assert(!is_over[registration[r].code]);
            assert(!frozen);
            is_used[registration[r].code] = true;
            registration[r].state = verified;
            is_in[r] = true;
            cools_off[r] = COOLS_OFF;
#ifndef NO_END_BY_USE
            epoch++;
#endif
            MOVE_ON
        :: else -> skip
        fi;
        as_read[r] = false;
        code_as_read[r] = false;
        ok = false
    }
}

/* The first checks who the person is; the second confirms what the first says to have issued. */
proctype Operators() {
    issue(1, ISSUER);
    confirm(SECOND, ISSUER)
}

proctype Crooked() {
    bool ok;
    issue(2, CROOK);
    confirm(CROOK, CROOK);
    begin(ACCOMPLICE, 2);
    verify(ACCOMPLICE)
}

proctype Person() {
    bool ok;
    begin(PERSON, 1);
    verify(PERSON);
    verify(PERSON) /* the answer got lost */
}

/* The phone of who opened the letter gets in, but removes no older one before the person can freeze. */
proctype Stranger() {
    bool ok;
    if
    :: true ->
        begin(FINDER, 1);
        verify(FINDER);
        assert(!is_in[FINDER] || cools_off[FINDER])
    :: true ->
        begin(THIEF, GUESS);
        verify(THIEF)
    fi
}

/* A freeze and its opening; a removed phone or a new password; time. */
proctype Life() {
    if
    :: atomic { frozen = true; epoch++; MOVE_ON; end_all() };
       atomic { frozen = false; MOVE_ON }
    :: atomic { epoch++; MOVE_ON; end_all() }
    :: is_over[1] = true
    fi
}

inline copy(there, here) {
    there.id = here.id;
    there.state = here.state;
    there.issued_by = here.issued_by;
    there.epoch = here.epoch
}

proctype Writer() {
    atomic { copy(kept, code) };
    atomic {
        copy(code, kept);
        code_as_read[PERSON] = false;
        code_as_read[FINDER] = false;
        code_as_read[ACCOMPLICE] = false;
        code_as_read[THIEF] = false;
        kept.id = 0;
        kept.state = none;
        kept.issued_by = NOBODY;
        kept.epoch = 0
    }
}

init {
    atomic {
        run Operators();
        run Crooked();
        run Person();
        run Stranger();
        run Life();
        run Writer()
    }
}
