package dev.sluice.contract.fault;

import dev.sluice.contract.ProcessFaultName;
import java.time.Duration;
import java.util.Optional;

/**
 * A fault of a whole process, for a while; the words of {@code sluice.chaos.v1.ProcessFault}.
 * Immutable.
 *
 * @param name empty: whoever takes it makes one up
 * @param kind what happens
 * @param ttl how long it lasts; 1 s..10 min
 * @param reason for people; may be empty
 */
public record ProcessFault(
        Optional<ProcessFaultName> name, Kind kind, Duration ttl, String reason) {
    /** What happens to a process. */
    public sealed interface Kind {
        /** Its word in metrics and messages, such as {@code loop_stall}. */
        default String word() {
            return switch (this) {
                case LoopStall _ -> "loop_stall";
                case Heap _ -> "heap";
                case DirectMemory _ -> "direct_memory";
                case Descriptors _ -> "descriptors";
                case ClockStep _ -> "clock_step";
                case FullDisk _ -> "full_disk";
            };
        }
    }

    /**
     * All event loops stand still at the same time.
     *
     * @param length how long; 1 ms..5 s
     * @param every from one begin to the next; twice the length..10 min
     */
    public record LoopStall(Duration length, Duration every) implements Kind {}

    /**
     * A part of the heap is held.
     *
     * @param bytes 1 MiB..4 GiB
     */
    public record Heap(long bytes) implements Kind {}

    /**
     * A part of direct memory is held.
     *
     * @param bytes 1 MiB..4 GiB
     */
    public record DirectMemory(long bytes) implements Kind {}

    /**
     * File descriptors are held.
     *
     * @param count 1..65,536
     */
    public record Descriptors(int count) implements Kind {}

    /**
     * The wall clock is off.
     *
     * @param by -24 h..24 h, not 0
     */
    public record ClockStep(Duration by) implements Kind {}

    /** Writes of state fail. */
    public record FullDisk() implements Kind {}
}
