package dev.sluice.proxy.telemetry;

import dev.sluice.contract.decide.Buckets;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.Reason;
import java.nio.ByteBuffer;

/**
 * The bucket of a carried decision as a key of evidence. A sidecar that only obeys decisions reads
 * no keys, but the bucket says as much: a key's bucket is uniform, so under two versions alike one
 * that errs is on the new arm with a probability of just the share. Stateless.
 */
final class CarriedBucket {
    /** There is nothing to judge by. */
    static final long NONE = 0;

    private CarriedBucket() {}

    /**
     * Its hash, independent of the bucket's order; {@link #NONE} where the decision was not carried
     * or came without a bucket (a rule fixed its arm), and where the share in force here puts the
     * bucket on the other arm (it was made under another revision, or is a write whose authority
     * ends elsewhere).
     */
    static long hash(GateDecision decision) {
        if (!isCarried(decision) || decision.bucket().isEmpty()) {
            return NONE;
        }
        int bucket = decision.bucket().getAsInt();
        if (decision.share().contains(bucket) != (decision.arm() == Arm.NEW)) {
            return NONE;
        }
        return Buckets.evidenceHash(
                decision.gate(), ByteBuffer.allocate(Integer.BYTES).putInt(bucket).array());
    }

    /** A write with a bucket whose key nobody looked for has it from a carried decision. */
    private static boolean isCarried(GateDecision decision) {
        return decision.reason() == Reason.CARRIED
                || (decision.reason() == Reason.WRITE_AUTHORITY
                        && decision.isByShare()
                        && decision.key() instanceof GateDecision.Key.NotRead);
    }
}
