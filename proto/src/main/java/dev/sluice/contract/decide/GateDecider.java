package dev.sluice.contract.decide;

import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.GateDecision.Key;
import dev.sluice.contract.gate.MissingKey;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.Operation;
import dev.sluice.contract.gate.Reason;
import dev.sluice.contract.gate.Rule;
import dev.sluice.contract.match.RequestView;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/**
 * Decides what a gate does with a request. The same inputs give the same decision, but for the
 * random bits that a missing key may ask for. Loop-owned: it has room for one key.
 *
 * <p><b>Order of authority</b>, each over all that follow: kill, trip, carried decision, rule,
 * share. Kill and trip put every key in mode {@code from} and have no effect once keys may not go
 * back.
 *
 * <p><b>Missing keys.</b> With policy LEGACY they are in {@code from} until the share is 1,000,000;
 * with RANDOM they get a bucket for the request; with a cookie they get a key that lasts.
 */
public final class GateDecider {
    private static final Key NOT_READ = new Key.NotRead();
    private static final Key MISSING = new Key.Missing();
    private static final Key TOO_LONG = new Key.TooLong();
    private static final HexFormat HEX = HexFormat.of();

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
     * Decides for a request.
     *
     * @param carried what was decided upstream, already checked for trust
     */
    public GateDecision decide(
            HeldGate held, Operation operation, Carried carried, RequestView request) {
        return decided(held, operation, carried, request, Optional.empty());
    }

    /** Decides as for a request whose bucketing key were these bytes: for explanations. */
    public GateDecision decideForKey(
            HeldGate held, Operation operation, RequestView request, byte[] statedKey) {
        return decided(held, operation, Carried.NOTHING, request, Optional.of(statedKey));
    }

    private GateDecision decided(
            HeldGate held,
            Operation operation,
            Carried carried,
            RequestView request,
            Optional<byte[]> statedKey) {
        if (held.isKilled()) {
            return without(held.gate(), held.gate().from(), Reason.KILL);
        }
        if (held.isTripped(operation)) {
            return without(held.gate(), held.gate().from(), Reason.TRIP);
        }
        return switch (carried) {
            case Carried.Nothing() -> here(held, request, Reason.SHARE, statedKey);
            case Carried.Conflict() -> here(held, request, Reason.AMBIGUOUS, statedKey);
            case Carried.One(CarriedDecision decision) ->
                    held.isStale(decision)
                            ? here(held, request, Reason.CARRIED_STALE, statedKey)
                            : honoured(held.gate(), decision);
        };
    }

    private static GateDecision honoured(Gate gate, CarriedDecision carried) {
        return decision(
                gate, carried.mode(), Reason.CARRIED, Optional.empty(), carried.bucket(), NOT_READ);
    }

    private GateDecision here(
            HeldGate held, RequestView request, Reason byShare, Optional<byte[]> statedKey) {
        Gate gate = held.gate();
        List<Rule> rules = gate.rules();
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (rule.match().matches(request)) {
                Optional<String> name = Optional.of(rule.name());
                return switch (rule.outcome()) {
                    case Rule.Outcome.Fixed(Arm arm) -> fixed(gate, arm, name);
                    case Rule.Outcome.ByShare() -> byShare(held, request, byShare, name, statedKey);
                };
            }
        }
        return byShare(held, request, byShare, Optional.empty(), statedKey);
    }

    private static GateDecision fixed(Gate gate, Arm arm, Optional<String> rule) {
        Mode mode = arm == Arm.NEW ? gate.to() : gate.from();
        return decision(gate, mode, Reason.RULE, rule, OptionalInt.empty(), NOT_READ);
    }

    private GateDecision byShare(
            HeldGate held,
            RequestView request,
            Reason reason,
            Optional<String> rule,
            Optional<byte[]> statedKey) {
        KeyReader.Found found =
                statedKey.isPresent()
                        ? reader.take(statedKey.get())
                        : reader.read(held.gate().bucketing().key(), request);
        return switch (found) {
            case KEY -> keyed(held, reason, rule, new Key.Used(evidenceHash(held)));
            case NOTHING -> keyless(held, reason, rule, MISSING);
            case TOO_LONG -> keyless(held, reason, rule, TOO_LONG);
        };
    }

    private GateDecision keyless(HeldGate held, Reason reason, Optional<String> rule, Key why) {
        Gate gate = held.gate();
        return switch (gate.bucketing().missingKey()) {
            case MissingKey.Legacy() ->
                    decision(
                            gate,
                            gate.share().isAll() ? gate.to() : gate.from(),
                            Reason.MISSING_KEY,
                            rule,
                            OptionalInt.empty(),
                            why);
            case MissingKey.Random() ->
                    inBucket(
                            gate, Buckets.ofHash(randomBits.getAsLong()), Reason.RANDOM, rule, why);
            case MissingKey.IssueCookie cookie -> {
                String fresh = freshKey();
                reader.take(fresh.getBytes(StandardCharsets.US_ASCII));
                Key issued = new Key.Issued(evidenceHash(held), cookie.setCookie(fresh));
                yield keyed(held, reason, rule, issued);
            }
        };
    }

    private GateDecision keyed(HeldGate held, Reason reason, Optional<String> rule, Key used) {
        int bucket = Buckets.ofHash(key.hashAfter(held.bucketPrefix()));
        return inBucket(held.gate(), bucket, reason, rule, used);
    }

    private long evidenceHash(HeldGate held) {
        return key.hashAfter(held.evidencePrefix());
    }

    private String freshKey() {
        return HEX.toHexDigits(randomBits.getAsLong()) + HEX.toHexDigits(randomBits.getAsLong());
    }

    private static GateDecision inBucket(
            Gate gate, int bucket, Reason reason, Optional<String> rule, Key used) {
        Mode mode = gate.share().contains(bucket) ? gate.to() : gate.from();
        return decision(gate, mode, reason, rule, OptionalInt.of(bucket), used);
    }

    private static GateDecision without(Gate gate, Mode mode, Reason reason) {
        return decision(gate, mode, reason, Optional.empty(), OptionalInt.empty(), NOT_READ);
    }

    private static GateDecision decision(
            Gate gate,
            Mode mode,
            Reason reason,
            Optional<String> rule,
            OptionalInt bucket,
            Key used) {
        return new GateDecision(
                gate.name(),
                gate.revision(),
                mode.authoritative(),
                mode,
                reason,
                rule,
                bucket,
                gate.share(),
                used);
    }
}
