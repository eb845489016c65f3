package dev.sluice.contract.fault;

import com.google.protobuf.Duration;
import com.google.protobuf.Empty;
import dev.sluice.chaos.v1.LoopStall;
import dev.sluice.contract.ProcessFaultName;

/** Writes faults of processes; what ProcessFaultParser reads of one is equal. Stateless. */
public final class ProcessFaultWriter {
    private ProcessFaultWriter() {}

    /** The fault as it was asked for, without what only a sidecar says. */
    public static dev.sluice.chaos.v1.ProcessFault write(ProcessFault fault) {
        dev.sluice.chaos.v1.ProcessFault.Builder proto =
                dev.sluice.chaos.v1.ProcessFault.newBuilder()
                        .setName(fault.name().map(ProcessFaultName::name).orElse(""))
                        .setTtl(duration(fault.ttl()))
                        .setReason(fault.reason());
        return switch (fault.kind()) {
            case ProcessFault.LoopStall(var length, var every) ->
                    proto.setLoopStall(
                                    LoopStall.newBuilder()
                                            .setLength(duration(length))
                                            .setEvery(duration(every)))
                            .build();
            case ProcessFault.Heap(long bytes) -> proto.setHeapBytes(bytes).build();
            case ProcessFault.DirectMemory(long bytes) -> proto.setDirectMemoryBytes(bytes).build();
            case ProcessFault.Descriptors(int count) -> proto.setDescriptors(count).build();
            case ProcessFault.ClockStep(var by) -> proto.setClockStep(duration(by)).build();
            case ProcessFault.FullDisk() -> proto.setFullDisk(Empty.getDefaultInstance()).build();
        };
    }

    /** Both parts of a negative duration are negative on the wire. */
    private static Duration duration(java.time.Duration length) {
        java.time.Duration size = length.abs();
        int sign = length.isNegative() ? -1 : 1;
        return Duration.newBuilder()
                .setSeconds(sign * size.toSeconds())
                .setNanos(sign * size.toNanosPart())
                .build();
    }
}
