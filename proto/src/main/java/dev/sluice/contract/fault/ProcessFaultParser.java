package dev.sluice.contract.fault;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problems;
import dev.sluice.contract.ProcessFaultName;
import dev.sluice.contract.UnknownFields;
import dev.sluice.contract.gate.Fields;
import java.time.Duration;
import java.util.Optional;

/** Reads faults of processes; one is read whole or refused with every problem. Stateless. */
public final class ProcessFaultParser {
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration LONGEST_STALL = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration LARGEST_STEP = Duration.ofHours(24);
    private static final long MEBI = 1L << 20;
    private static final long MOST_BYTES = 1L << 32;
    private static final int MOST_DESCRIPTORS = 65_536;
    private static final int LONGEST_REASON = 1024;

    private ProcessFaultParser() {}

    /** Reads one that is to be taken; what only a sidecar says must not be in it. */
    public static Parsed<ProcessFault> parse(dev.sluice.chaos.v1.ProcessFault proto) {
        Problems problems = Problems.root();
        UnknownFields.refuse(proto, problems);
        refuseOutput(proto, problems);
        Optional<ProcessFaultName> name =
                proto.getName().isEmpty()
                        ? Optional.empty()
                        : ProcessFaultName.parse(proto.getName(), problems.field("name"));
        Optional<ProcessFault.Kind> kind = kind(proto, problems);
        Duration ttl =
                Fields.duration(
                        proto.getTtl(), Duration.ofSeconds(1), LONGEST, problems.field("ttl"));
        Fields.text(proto.getReason(), 0, LONGEST_REASON, problems.field("reason"));
        return problems.finish(
                () -> new ProcessFault(name, kind.orElseThrow(), ttl, proto.getReason()));
    }

    private static void refuseOutput(dev.sluice.chaos.v1.ProcessFault proto, Problems at) {
        refuseIf(proto.hasCreateTime(), at.field("create_time"));
        refuseIf(proto.hasExpireTime(), at.field("expire_time"));
        refuseIf(proto.getStateValue() != 0, at.field("state"));
        refuseIf(proto.getInjected() != 0, at.field("injected"));
    }

    private static void refuseIf(boolean there, Problems at) {
        if (there) {
            at.add("a value", "none: only the sidecar says it", "leave it out");
        }
    }

    private static Optional<ProcessFault.Kind> kind(
            dev.sluice.chaos.v1.ProcessFault proto, Problems at) {
        return switch (proto.getKindCase()) {
            case LOOP_STALL -> Optional.of(stall(proto.getLoopStall(), at.field("loop_stall")));
            case HEAP_BYTES ->
                    Optional.of(
                            new ProcessFault.Heap(
                                    bytes(proto.getHeapBytes(), at.field("heap_bytes"))));
            case DIRECT_MEMORY_BYTES ->
                    Optional.of(
                            new ProcessFault.DirectMemory(
                                    bytes(
                                            proto.getDirectMemoryBytes(),
                                            at.field("direct_memory_bytes"))));
            case DESCRIPTORS ->
                    Optional.of(
                            new ProcessFault.Descriptors(
                                    Fields.number(
                                            proto.getDescriptors(),
                                            1,
                                            MOST_DESCRIPTORS,
                                            at.field("descriptors"))));
            case CLOCK_STEP -> Optional.of(step(proto.getClockStep(), at.field("clock_step")));
            case FULL_DISK -> Optional.of(new ProcessFault.FullDisk());
            case KIND_NOT_SET -> {
                at.add(
                        "no fault",
                        "exactly one of loop_stall, heap_bytes, direct_memory_bytes, descriptors,"
                                + " clock_step and full_disk",
                        "say what happens to the process");
                yield Optional.empty();
            }
        };
    }

    private static ProcessFault.Kind stall(dev.sluice.chaos.v1.LoopStall proto, Problems at) {
        Duration length =
                Fields.duration(proto.getLength(), MILLI, LONGEST_STALL, at.field("length"));
        Duration every =
                Fields.duration(
                        proto.getEvery(), length.multipliedBy(2), LONGEST, at.field("every"));
        return new ProcessFault.LoopStall(length, every);
    }

    private static long bytes(long unsigned, Problems at) {
        if (unsigned < MEBI || unsigned > MOST_BYTES) {
            at.add(
                    Long.toUnsignedString(unsigned),
                    "1,048,576..4,294,967,296 bytes",
                    "give a number in this range");
            return MEBI;
        }
        return unsigned;
    }

    private static ProcessFault.Kind step(com.google.protobuf.Duration proto, Problems at) {
        Duration by = Fields.duration(proto, LARGEST_STEP.negated(), LARGEST_STEP, at);
        if (by.isZero()) {
            at.add("0 s", "a step forward or back", "say by how much the clock is off");
        }
        return new ProcessFault.ClockStep(by);
    }
}
