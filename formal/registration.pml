/* Registrations: a person and a thief who both know the password begin one each, and one SMS phone reads all codes.
 *
 * The code counts for its own registration and its own key only; the try is counted before the code is looked at; the
 * same request come twice sends no second SMS; a Lambda may die after any write. Twins (-DNO_...) must fail.
 */

#define TRIES 3
#define SENDS 3
#define PERSON 0
#define THIEF 1

mtype = { pending, verified };

typedef Registration {
    mtype state = pending;
    bool over;
    byte tries;          /* counted before a code is looked at */
    byte looks;          /* how often a code was looked at */
    byte claims = 1;     /* sends that were claimed by a write */
    byte sends;          /* SMS that went out */
    byte code = 1;       /* which of its codes counts now */
    byte devices;        /* devices that came of it */
};

Registration registration[2];

#ifdef NO_TRIES
#define MAY_TRY(r) (registration[r].state == pending && !registration[r].over)
#else
#define MAY_TRY(r) (registration[r].state == pending && !registration[r].over && registration[r].tries < TRIES)
#endif
#ifdef NO_EXPIRY
#undef MAY_TRY
#define MAY_TRY(r) (registration[r].state == pending && registration[r].tries < TRIES)
#endif

#ifdef NO_KEY
#define IS_KEY(r, by) true
#else
#define IS_KEY(r, by) (by == r)
#endif
#ifdef NO_BINDING
#define IS_CODE(r, about, number) (number == registration[r].code)
#else
#define IS_CODE(r, about, number) (about == r && number == registration[r].code)
#endif
#ifdef NO_ONCE
#define STILL_PENDING(r) true
#else
#define STILL_PENDING(r) (registration[r].state == pending)
#endif
#ifdef NO_EXPIRY
#define IN_TIME(r) true
#else
#define IN_TIME(r) (!registration[r].over)
#endif

/* verify_sms.step: `by` is whose key signed the request, `about` is which registration the code was sent for. */
inline verify(r, by, about, number) {
    bool counted = false;
    atomic {
        if
        :: MAY_TRY(r) && IS_KEY(r, by) -> registration[r].tries++; counted = true
        :: else -> skip
        fi
    };
    if
    :: counted ->
        atomic {
            registration[r].looks++;
            assert(registration[r].looks <= TRIES)
        };
        atomic {
            if
            :: IS_CODE(r, about, number) && STILL_PENDING(r) && IN_TIME(r) ->
                assert(by == r);
                assert(about == r);
                assert(!registration[r].over);
                registration[r].state = verified;
                registration[r].devices++;
                assert(registration[r].devices == 1)
            :: else -> skip
            fi
        }
    :: else -> skip
    fi;
    counted = false
}

/* register_key.step: claim by a write, then publish; the Lambda may die between the two, and a retry claims nothing. */
inline send(r, fresh) {
    bool claimed = false;
    atomic {
        if
        :: fresh && registration[r].claims < SENDS && registration[r].state == pending ->
            registration[r].claims++;
            registration[r].code++;
            claimed = true
#ifdef NO_CLAIM
        :: !fresh -> claimed = true
#endif
        :: else -> skip
        fi
    };
    if
    :: claimed ->
        atomic {
            registration[r].sends++;
            assert(registration[r].sends <= registration[r].claims)
        }
    :: skip /* died before it published */
    fi;
    claimed = false
}

/* Everybody's first SMS goes out with the start itself. */
init {
    atomic {
        registration[PERSON].sends = 1;
        registration[THIEF].sends = 1;
        run Person();
        run Guesser();
        run Swapper();
        run Sender();
        run Clock()
    }
}

proctype Person() {
    verify(PERSON, PERSON, PERSON, 1);
    verify(PERSON, PERSON, PERSON, registration[PERSON].code)
}

/* The same app sends twice, or guesses: code 9 is never right. */
proctype Guesser() {
    verify(PERSON, PERSON, PERSON, 9);
    verify(PERSON, PERSON, PERSON, registration[PERSON].code);
    verify(PERSON, PERSON, PERSON, 9)
}

/* The thief has read the person's SMS: its code opens neither the thief's own registration nor the person's. */
proctype Swapper() {
    verify(THIEF, THIEF, PERSON, registration[PERSON].code);
    verify(PERSON, THIEF, PERSON, registration[PERSON].code)
}

proctype Sender() {
    send(PERSON, true);
    send(PERSON, false)
}

proctype Clock() {
    if :: registration[PERSON].over = true :: skip fi
}
