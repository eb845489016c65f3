package dev.sluice.proxy.gate;

import com.google.protobuf.Duration;
import com.google.protobuf.Empty;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateParser;
import dev.sluice.gate.v1.Bucketing;
import dev.sluice.gate.v1.GateRevision;
import dev.sluice.gate.v1.KeySource;
import dev.sluice.gate.v1.Mode;
import dev.sluice.gate.v1.StoreKind;
import dev.sluice.gate.v1.WriteAuthority;
import dev.sluice.gate.v1.WriteHold;
import java.util.function.UnaryOperator;

/** Gates for tests: {@code gates/orders} from OFF to COMPLETE over the header x-user, at 50 %. */
final class TestGates {
    private TestGates() {}

    static dev.sluice.gate.v1.Gate proto(
            int number, UnaryOperator<dev.sluice.gate.v1.Gate.Builder> change) {
        return change.apply(
                        dev.sluice.gate.v1.Gate.newBuilder()
                                .setName("gates/orders")
                                .setRevision(
                                        GateRevision.newBuilder().setEpoch(1).setNumber(number))
                                .setLegacyCluster("old")
                                .setNewCluster("new")
                                .setStoreKind(StoreKind.SHARED)
                                .setFrom(Mode.OFF)
                                .setTo(Mode.COMPLETE)
                                .setSharePpm(500_000)
                                .setBucketing(
                                        Bucketing.newBuilder()
                                                .setSalt("orders")
                                                .setLegacy(Empty.getDefaultInstance())
                                                .setKey(
                                                        KeySource.newBuilder()
                                                                .setHeader("x-user"))))
                .build();
    }

    /** The gate while it moves the write authority of two stores, which NEW has below this. */
    static Gate writes(
            int number, int below, UnaryOperator<dev.sluice.gate.v1.Gate.Builder> change) {
        return orders(
                number,
                gate ->
                        change.apply(
                                gate.setContractVersion(Gate.WriteAuthority.CONTRACT_VERSION)
                                        .setStoreKind(StoreKind.SEPARATE)
                                        .setFrom(Mode.SHADOW)
                                        .setTo(Mode.LIVE)
                                        .setWriteAuthority(
                                                WriteAuthority.newBuilder()
                                                        .setNewBelowPpm(below))));
    }

    /** The same, holding the writes of an interval of buckets for 2 s at most. */
    static Gate holding(int number, int below, int from, int to) {
        return writes(
                number,
                below,
                gate ->
                        gate.setWriteHold(
                                WriteHold.newBuilder()
                                        .setFromBucket(from)
                                        .setToBucket(to)
                                        .setMaxWait(Duration.newBuilder().setSeconds(2))));
    }

    static Gate orders(int number, UnaryOperator<dev.sluice.gate.v1.Gate.Builder> change) {
        return GateParser.parse(proto(number, change)).orThrow();
    }
}
