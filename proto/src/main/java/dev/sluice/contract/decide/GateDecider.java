package dev.sluice.contract.decide;

import dev.sluice.contract.decide.Choice.KeyUse;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.MissingKey;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.Operation;
import dev.sluice.contract.gate.Reason;
import dev.sluice.contract.gate.Rule;
import dev.sluice.contract.match.RequestView;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Decides what a gate does with a request. The same inputs give the same decision, but for the
 * random bits that a missing key may ask for. Loop-owned: it has room for one key.
 *
 * <p><b>Two steps.</b> {@link #choose} says in one {@code long} what a request gets and allocates
 * nothing; {@link #explained} makes of it the record that is logged, counted and kept as evidence.
 *
 * <p><b>Order of authority</b>, each over all that follow: kill, trip, carried decision, rule,
 * share. Kill and trip put every key in mode {@code from} and have no effect once keys may not go
 * back.
 *
 * <p><b>Writes.</b> Where the gate has a write authority, all of these move reads only: a write
 * follows its bucket alone, carried or of its own key, since a key whose writes go to two stores at
 * once is lost in both.
 *
 * <p><b>Missing keys.</b> With policy LEGACY they are in {@code from} until the share is 1,000,000;
 * with RANDOM they get a bucket for the request; with a cookie they get a key that lasts.
 */
public final class GateDecider {
    private static final GateDecision.Key NOT_READ = new GateDecision.Key.NotRead();
    private static final GateDecision.Key MISSING = new GateDecision.Key.Missing();
    private static final GateDecision.Key TOO_LONG = new GateDecision.Key.TooLong();

    private final LongSupplier randomBits;
    private final KeyBuffer key = new KeyBuffer();
    private final KeyReader reader = new KeyReader(key);

    /**
     * @param randomBits 64 uniform random bits at each call, for missing keys
     */
    public GateDecider(LongSupplier randomBits) {
        this.randomBits = randomBits;
    }

    /**
     * Decides for a request, and says so in full.
     *
     * @param carried what was decided upstream, already checked for trust
     */
    public GateDecision decide(
            HeldGate held, Operation operation, Carried carried, RequestView request) {
        return explained(held, choose(held, operation, carried, request));
    }

    /** Decides as for a request whose bucketing key were these bytes: for explanations. */
    public GateDecision decideForKey(
            HeldGate held, Operation operation, RequestView request, byte[] statedKey) {
        return explained(
                held, chosen(held, operation, Carried.NOTHING, request, Optional.of(statedKey)));
    }

    /**
     * Decides for a request. Nothing is allocated, but for a key source that must decode and for
     * matchers that copy (regular expressions, several values of one header).
     *
     * @param carried what was decided upstream, already checked for trust
     * @return the choice, to be read by {@link Choice}
     */
    public long choose(HeldGate held, Operation operation, Carried carried, RequestView request) {
        return chosen(held, operation, carried, request, Optional.empty());
    }

    /**
     * The record of the last choice; it holds the hash of the key that was read for it, for
     * evidence.
     *
     * @param held the gate that the choice was made by
     */
    public GateDecision explained(HeldGate held, long choice) {
        Gate gate = held.gate();
        Mode mode = Choice.mode(choice);
        return new GateDecision(
                gate.name(),
                gate.revision(),
                mode.authoritative(),
                mode,
                Choice.reason(choice),
                held.ruleName(Choice.rule(choice)),
                Choice.bucket(choice),
                gate.share(),
                used(held, Choice.key(choice)),
                Choice.reason(choice) == Reason.WRITE_AUTHORITY
                        ? Optional.of(held.bound(Reason.WRITE_AUTHORITY))
                        : Optional.empty());
    }

    private GateDecision.Key used(HeldGate held, KeyUse use) {
        return switch (use) {
            case NOT_READ -> NOT_READ;
            case MISSING -> MISSING;
            case TOO_LONG -> TOO_LONG;
            case USED -> new GateDecision.Key.Used(key.hashAfter(held.evidencePrefix()));
            case ISSUED -> issued(held);
        };
    }

    private GateDecision.Key issued(HeldGate held) {
        if (!(held.gate().bucketing().missingKey() instanceof MissingKey.IssueCookie cookie)) {
            throw new IllegalStateException(held.gate().name() + " issues no keys");
        }
        String fresh = new String(key.copy(), StandardCharsets.US_ASCII);
        return new GateDecision.Key.Issued(
                key.hashAfter(held.evidencePrefix()), cookie.setCookie(fresh));
    }

    private long chosen(
            HeldGate held,
            Operation operation,
            Carried carried,
            RequestView request,
            Optional<byte[]> statedKey) {
        if (held.followsWriteAuthority(operation)) {
            return write(held, carried, request, statedKey);
        }
        if (held.isKilled()) {
            return keyless(held.gate().from(), Reason.KILL);
        }
        if (held.isTripped(operation)) {
            return keyless(held.gate().from(), Reason.TRIP);
        }
        return switch (carried) {
            case Carried.Nothing() -> here(held, request, Reason.SHARE, statedKey);
            case Carried.Conflict() -> here(held, request, Reason.AMBIGUOUS, statedKey);
            case Carried.One(CarriedDecision decision) ->
                    held.isStale(decision)
                            ? here(held, request, Reason.CARRIED_STALE, statedKey)
                            : honoured(decision);
        };
    }

    private long write(
            HeldGate held, Carried carried, RequestView request, Optional<byte[]> statedKey) {
        if (carried instanceof Carried.One(CarriedDecision decision)
                && decision.bucket().isPresent()) {
            int bucket = decision.bucket().getAsInt();
            return inBucket(held, bucket, Reason.WRITE_AUTHORITY, Choice.NO_RULE, KeyUse.NOT_READ);
        }
        return byKey(held, request, Reason.WRITE_AUTHORITY, Choice.NO_RULE, statedKey);
    }

    private static long honoured(CarriedDecision carried) {
        long choice = keyless(carried.mode(), Reason.CARRIED);
        return carried.bucket().isPresent()
                ? Choice.withBucket(choice, carried.bucket().getAsInt())
                : choice;
    }

    private static long keyless(Mode mode, Reason reason) {
        return Choice.of(mode, reason, Choice.NO_RULE, KeyUse.NOT_READ);
    }

    private long here(
            HeldGate held, RequestView request, Reason byShare, Optional<byte[]> statedKey) {
        Gate gate = held.gate();
        List<Rule> rules = gate.rules();
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (rule.match().matches(request) && isFor(held, i, request, statedKey)) {
                return switch (rule.outcome()) {
                    case Rule.Outcome.Fixed(Arm arm) -> fixed(gate, arm, i);
                    case Rule.Outcome.ByShare() -> byKey(held, request, byShare, i, statedKey);
                };
            }
        }
        return byKey(held, request, byShare, Choice.NO_RULE, statedKey);
    }

    /** Whether a rule is for the one whose request it is. */
    private boolean isFor(
            HeldGate held, int rule, RequestView request, Optional<byte[]> statedKey) {
        Optional<Cohort> cohort = held.cohort(rule);
        if (cohort.isEmpty()) {
            return true;
        }
        return cohort.get().takes(request)
                && (!cohort.get().namesKeys()
                        || (find(held, request, statedKey) == KeyReader.Found.KEY
                                && cohort.get().holds(key.text())));
    }

    private KeyReader.Found find(HeldGate held, RequestView request, Optional<byte[]> statedKey) {
        return statedKey.isPresent()
                ? reader.take(statedKey.get())
                : reader.read(held.gate().bucketing().key(), request);
    }

    private static long fixed(Gate gate, Arm arm, int rule) {
        Mode mode = arm == Arm.NEW ? gate.to() : gate.from();
        return Choice.of(mode, Reason.RULE, rule, KeyUse.NOT_READ);
    }

    private long byKey(
            HeldGate held,
            RequestView request,
            Reason reason,
            int rule,
            Optional<byte[]> statedKey) {
        return switch (find(held, request, statedKey)) {
            case KEY -> keyed(held, reason, rule, KeyUse.USED);
            case NOTHING -> withoutKey(held, reason, rule, KeyUse.MISSING);
            case TOO_LONG -> withoutKey(held, reason, rule, KeyUse.TOO_LONG);
        };
    }

    private long withoutKey(HeldGate held, Reason reason, int rule, KeyUse why) {
        Gate gate = held.gate();
        boolean write = reason == Reason.WRITE_AUTHORITY;
        return switch (gate.bucketing().missingKey()) {
            case MissingKey.Legacy() ->
                    Choice.of(
                            held.bound(reason).isAll() ? gate.to() : gate.from(),
                            write ? reason : Reason.MISSING_KEY,
                            rule,
                            why);
            case MissingKey.Random() ->
                    inBucket(
                            held,
                            Buckets.ofHash(randomBits.getAsLong()),
                            write ? reason : Reason.RANDOM,
                            rule,
                            why);
            case MissingKey.IssueCookie ignored -> {
                key.clear();
                key.addHex(randomBits.getAsLong());
                key.addHex(randomBits.getAsLong());
                yield keyed(held, reason, rule, KeyUse.ISSUED);
            }
        };
    }

    private long keyed(HeldGate held, Reason reason, int rule, KeyUse use) {
        int bucket = Buckets.ofHash(key.hashAfter(held.bucketPrefix()));
        return inBucket(held, bucket, reason, rule, use);
    }

    private static long inBucket(HeldGate held, int bucket, Reason reason, int rule, KeyUse use) {
        Gate gate = held.gate();
        Mode mode = held.bound(reason).contains(bucket) ? gate.to() : gate.from();
        return Choice.withBucket(Choice.of(mode, reason, rule, use), bucket);
    }
}
