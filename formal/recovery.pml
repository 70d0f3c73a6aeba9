/* Recovery codes: a person makes sets of codes on a phone, types one back, loses the phone and comes in with a code.
 *
 * The thief knows the password, reads every SMS and has a photo of the first sheet; the finder has that sheet and no
 * password; somebody who can write the table puts an earlier set back. A set has two codes. Twins (-DNO_...) must fail.
 * That the phone is active by then is a second lock of what a phone writes, which the model leaves out.
 */

#define OLD 0
#define THIEF 1
#define NEW 2
#define FINDER 3
#define ALL 3   /* both codes of a set */
#define GUESS 4 /* a code of no set */

mtype = { none, waiting, done, pending, verified };

typedef Made {
    mtype state = none;
    byte id;
    byte maker;
    byte epoch;
    bool over;
};

typedef Registration {
    mtype state = none;
    byte set;
    byte code;
    byte version;
};

/* The account's item. */
byte named_set, named_left; /* which set counts, and with which codes left */
byte epoch, version;
bool frozen;
/* The sets' items: the one that counts, the one that was made last, and one that somebody kept from before. */
byte row_set, row_left;
byte kept_set, kept_left;
Made made;
Registration registration[4];
bool is_in[4], cooled[4];
/* Whether the account is still as a process read it: any change of it moves its audit log on. */
bool as_read[4];
bool row_as_read[4]; /* the same of the set that counts */
#define ROW_MOVES row_as_read[THIEF] = false; row_as_read[NEW] = false; row_as_read[FINDER] = false
#define MOVE_ON as_read[OLD] = false; as_read[THIEF] = false; as_read[NEW] = false; as_read[FINDER] = false
/* What people were told. */
bool typed_back[3], ended[3];
byte used[3];

#ifdef NO_NAMING
#define IS_NAMED true
#else
#define IS_NAMED (named_set == row_set && named_left == row_left)
#endif
#ifdef NO_CODE
#define HAS(c) true
#else
#define HAS(c) ((row_left & c) != 0)
#endif
#define IS_LEFT(s, c) (row_set == s && row_set != 0 && IS_NAMED && HAS(c))
#ifdef NO_PASSWORD
#define IS_PASSWORD(r) true
#else
#define IS_PASSWORD(r) (r != FINDER)
#endif
#ifdef NO_VERSION
#define SAME_VERSION(r) true
#else
#define SAME_VERSION(r) (registration[r].version == version)
#endif
#ifdef NO_AS_READ
#define AS_READ(me) true
#else
#define AS_READ(me) as_read[me]
#endif
#ifdef NO_SAME_ROW
#define SAME_ROW(me) true
#else
#define SAME_ROW(me) row_as_read[me]
#endif
#ifdef NO_EPOCH
#define SAME_EPOCH true
#else
#define SAME_EPOCH (made.epoch == epoch)
#endif
#ifdef NO_LIFETIME
#define IN_TIME true
#else
#define IN_TIME !made.over
#endif
#ifdef NO_COOL_OFF
#define HAS_COOLED_OFF(p) true
#else
#define HAS_COOLED_OFF(p) cooled[p]
#endif

inline name(s, left) {
    named_set = s;
    named_left = left;
    row_set = s;
    row_left = left;
    ROW_MOVES;
    MOVE_ON
}

/* approvals.recovery_codes.make_codes: the account is read first, and the set is written while the phone is active. */
inline make(s, by) {
    atomic { ok = is_in[by] && HAS_COOLED_OFF(by) && !frozen; read_epoch = epoch };
    atomic {
        if
        :: ok ->
            assert(cooled[by]);
            made.state = waiting;
            made.id = s;
            made.maker = by;
            made.epoch = read_epoch;
            made.over = false;
            ended[s] = read_epoch != epoch;
#ifdef NO_TYPED_BACK
            name(s, ALL)
#endif
        :: else -> skip
        fi;
        ok = false;
        read_epoch = 0
    }
}

/* approvals.recovery_codes.confirm_codes: one of the codes was typed back on the phone that made them. */
inline confirm(s, by) {
    atomic { as_read[by] = true; ok = made.state == waiting && made.id == s && made.maker == by && SAME_EPOCH && !frozen };
    atomic {
        if
        :: ok && AS_READ(by) && IN_TIME && made.state == waiting && made.id == s ->
            assert(is_in[by]);
            assert(!ended[s]);
            assert(!made.over);
            if
            :: named_set != 0 && named_set != s -> ended[named_set] = true
            :: else -> skip
            fi;
            typed_back[s] = true;
            made.state = done;
            name(s, ALL)
        :: else -> skip
        fi;
        as_read[by] = false;
        ok = false
    }
}

/* approvals.begin_recovery: nothing is used up yet. */
inline begin(r, s, c) {
    atomic {
        if
        :: IS_PASSWORD(r) && IS_LEFT(s, c) && !frozen ->
            registration[r].state = pending;
            registration[r].set = s;
            registration[r].code = c;
            registration[r].version = version
        :: else -> skip
        fi
    }
}

/* verify_sms.step with approvals.admission: the code is looked for again, and used up with the device. */
inline verify(r) {
    atomic {
        as_read[r] = true;
        row_as_read[r] = true;
        ok = registration[r].state == pending && SAME_VERSION(r) && IS_LEFT(registration[r].set, registration[r].code)
    };
    atomic {
        if
        :: ok && AS_READ(r) && SAME_ROW(r) && registration[r].state == pending ->
            assert(r != FINDER);
            assert(registration[r].code != GUESS);
            assert(typed_back[registration[r].set]);
            assert(!ended[registration[r].set]);
            assert(registration[r].version == version);
            assert(!frozen);
            assert((used[registration[r].set] & registration[r].code) == 0);
            used[registration[r].set] = used[registration[r].set] | registration[r].code;
            registration[r].state = verified;
            is_in[r] = true;
            cooled[r] = false;
#ifdef NO_ONCE
            name(row_set, row_left)
#else
            name(row_set, (row_left & ~registration[r].code))
#endif
        :: else -> skip
        fi;
        as_read[r] = false;
        row_as_read[r] = false;
        ok = false
    }
}

/* devices.revoke: another phone's removal takes the codes that were made on it along; the operator's keeps them. */
inline remove_old(by_phone) {
    atomic {
        if
        :: is_in[OLD] ->
            is_in[OLD] = false;
            epoch++;
            MOVE_ON;
            if
            :: by_phone && named_set != 0 ->
                ended[named_set] = true;
#ifndef NO_END_WITH_MAKER
                named_set = 0
#endif
            :: else -> skip
            fi
        :: else -> skip
        fi
    }
}

/* The person's phone. */
proctype Old() {
    bool ok;
    byte read_epoch;
    make(1, OLD);
    confirm(1, OLD);
    make(2, OLD);
    confirm(2, OLD)
}

/* The phone that comes after it, with a code of either sheet. */
proctype New() {
    bool ok;
    byte s = 1;
    if :: s = 2 :: skip fi;
    begin(NEW, s, 1);
    verify(NEW);
    verify(NEW) /* the answer got lost */
}

/* The thief has a code of the first sheet, the person's own or the other, or a guess; the phone that came in makes codes or removes the person's. */
proctype Stranger() {
    bool ok;
    byte read_epoch;
    if
    :: true -> begin(FINDER, 1, 2); verify(FINDER)
    :: true -> begin(THIEF, 1, GUESS); verify(THIEF)
    :: true ->
        if
        :: true -> begin(THIEF, 1, 1)
        :: true -> begin(THIEF, 1, 2)
        fi;
        verify(THIEF);
        if
        :: true -> make(2, THIEF)
        :: is_in[THIEF] && HAS_COOLED_OFF(THIEF) -> assert(cooled[THIEF]); remove_old(true)
        :: true -> skip
        fi
    fi
}

/* What ends codes or registrations: a freeze and its opening, a new password, a removal, time. */
proctype Life() {
    if
    :: atomic {
        frozen = true;
        epoch++;
        version++;
        MOVE_ON;
#ifndef NO_END_BY_FREEZE
        named_set = 0;
#endif
        ended[1] = true;
        ended[2] = true
       };
       atomic { frozen = false; MOVE_ON }
    :: atomic { epoch++; version++; MOVE_ON }
    :: true -> remove_old(false)
    :: true -> remove_old(true)
    :: made.over = true
    fi
}

proctype Writer() {
    atomic { kept_set = row_set; kept_left = row_left };
    atomic {
        if
        :: kept_set != 0 -> row_set = kept_set; row_left = kept_left; ROW_MOVES
        :: else -> skip
        fi;
        kept_set = 0;
        kept_left = 0
    }
}

init {
    atomic {
        is_in[OLD] = true;
        cooled[OLD] = true;
        run Old();
        run New();
        run Stranger();
        run Life();
        run Writer()
    }
}
