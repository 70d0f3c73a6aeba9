/* Retirement: an old phone lets a new one in and may sign that it leaves; the new one's first completed login takes it out.
 *
 * A freeze undoes it, before it is written and for a day after. The new phone may be removed in its turn. Somebody who can write the table keeps the new phone's item
 * from before a freeze and puts it back. Twins (-DNO_...) must fail.
 */

bool signs;              /* what the person ticked on the old phone */
bool retires;            /* the new phone's item names the old one */
bool paired;             /* the new phone's item is there */
bool completed;          /* a login that the new phone approved was completed */
bool old_active = true;
bool new_active = true;
bool left;               /* the old phone's item says for whom it left: a freeze may undo that */
bool day_over;           /* a day has passed since it left */
bool frozen;             /* the account was frozen once */
bool back_in_time;       /* that freeze came before a day was over */
byte epoch;              /* rises with each revocation, retirement and freeze */
byte item_epoch;         /* in which the new phone's item counts */
byte log;                /* entries of the audit log: each change moves it on */

#ifdef NO_SIGNATURE
#define ASKED true
#else
#define ASKED signs
#endif
#ifdef NO_COMPLETION
#define HAS_LOGGED_IN true
#else
#define HAS_LOGGED_IN completed
#endif
#ifdef NO_EPOCH
#define IS_GRANTED true
#else
#define IS_GRANTED (item_epoch == epoch)
#endif
#ifdef NO_LOG
#define IS_AS_READ(entries) true
#else
#define IS_AS_READ(entries) (log == entries)
#endif
#ifdef NO_REFUSAL
#define IS_REFUSED false
#else
#define IS_REFUSED (retires && IS_GRANTED && HAS_LOGGED_IN && new_active)
#endif
#define IS_DUE (retires && IS_GRANTED && HAS_LOGGED_IN && old_active && new_active)
#ifdef NO_RETIREMENT_FIRST
#define MUST_WAIT(due) false
#else
#define MUST_WAIT(due) (due)
#endif

/* One transaction: a revocation that a freeze may undo. */
inline leave() {
    assert(signs);
    assert(completed);
    assert(!frozen);
    old_active = false;
    left = true;
    day_over = false;
    log++;
    epoch++;
    item_epoch = epoch
}

/* approvals.new_device and verify_sms.step: the pairing and the new phone's item hold it. A freeze before ends the pairing. */
proctype Pairing() {
    atomic {
        if
        :: !frozen ->
            if
            :: signs = true
            :: skip
            fi;
            retires = ASKED;
            paired = true;
            log++
        :: else -> skip
        fi
    };
    atomic {
        if
        :: new_active -> completed = true
        :: else -> skip
        fi
    }
}

/* retirement.retire: read, and written only if nothing has changed since. */
proctype New() {
    byte entries, turns;
    bool due;
    do
    :: turns < 3 ->
        turns++;
        atomic {
            entries = log;
            due = IS_DUE
        };
        atomic {
            if
            :: due && old_active && IS_AS_READ(entries) -> leave()
            :: else -> skip
            fi
        }
    :: else -> break
    od
}

/* devices.revoke: the new phone is removed; first is written that the old one left for it. A removal takes back what the
 * phone approved, so a login that completes meanwhile stands in its way. */
proctype Removal() {
    byte entries, turns;
    bool due, seen;
    do
    :: turns < 3 && new_active ->
        turns++;
        atomic {
            entries = log;
            seen = completed;
            due = IS_DUE
        };
        atomic {
            if
            :: due && old_active && IS_AS_READ(entries) && MUST_WAIT(due) -> leave()
            :: !MUST_WAIT(due) && IS_AS_READ(entries) && seen == completed ->
                new_active = false;
                log++;
                epoch++
            :: else -> skip
            fi
        }
    :: else -> break
    od
}

/* devices.authenticate: what the old phone asks. */
proctype Old() {
    atomic {
        if
        :: old_active && !IS_REFUSED -> assert(!(signs && completed && !frozen))
        :: else -> skip
        fi
    }
}

/* freeze.frozen_by, once: by the new phone, a notice's link or the operator. */
proctype Freeze() {
    atomic {
        epoch++;
        item_epoch = epoch;
        log++;
        frozen = true;
        back_in_time = !day_over;
#ifndef NO_UNDO
        retires = false;
        if
        :: left && !day_over -> old_active = true; left = false
        :: else -> skip
        fi;
#endif
        assert(!back_in_time || old_active)
    }
}

/* Somebody keeps the new phone's item, and puts it back later. */
proctype Writer() {
    bool kept;
    byte kept_epoch;
    atomic { paired -> kept = retires; kept_epoch = item_epoch };
    atomic { retires = kept; item_epoch = kept_epoch }
}

proctype Clock() {
    atomic { left -> day_over = true }
}

init {
    atomic {
        run Pairing();
        run New();
        run Removal();
        run Old();
        run Freeze();
        run Writer();
        run Clock()
    }
}
