package dev.sluice.proxy.process;

import dev.sluice.contract.ProcessFaultName;
import dev.sluice.contract.fault.ProcessFault;
import dev.sluice.proxy.process.ProcessFaultState.Phase;
import io.netty.buffer.ByteBufAllocator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * The faults of this process: those that last, at most one of each kind, and those that ended
 * lately. Taking one does what it says before it returns, which may be to fill memory: it is not
 * for event loops that serve traffic. Thread-safe.
 */
public final class ProcessFaults {
    /** Faults remembered after their end. */
    public static final int MOST_ENDED = 64;

    private final Surroundings around;

    /** The youngest first. Guarded by this. */
    private final List<Live> all = new ArrayList<>();

    /**
     * What is harmed, and by what time.
     *
     * @param loops that serve traffic
     * @param allocator of connections' buffers
     * @param descriptors opens one
     * @param clock wall clock of this process
     * @param disk of its state
     * @param timer ends faults
     * @param random makes names up
     */
    public record Surroundings(
            List<? extends Executor> loops,
            ByteBufAllocator allocator,
            Descriptor descriptors,
            SteppedClock clock,
            StateDisk disk,
            Timer timer,
            LongSupplier random) {
        public Surroundings {
            loops = List.copyOf(loops);
        }
    }

    public ProcessFaults(Surroundings around) {
        this.around = around;
    }

    /** What became of taking a fault. */
    public sealed interface Taking {
        /** It lasts from now on. */
        record Taken(ProcessFaultState state) implements Taking {}

        /** One that lasts has its name, or is of its kind. */
        record InTheWay(ProcessFaultName other) implements Taking {}
    }

    /** Takes a fault. */
    public synchronized Taking take(ProcessFault asked) {
        ProcessFaultName name = asked.name().orElseGet(this::newName);
        Optional<Live> other =
                all.stream()
                        .filter(live -> live.phase == Phase.ACTIVE)
                        .filter(live -> live.name.equals(name) || live.isLike(asked))
                        .findFirst();
        if (other.isPresent()) {
            return new Taking.InTheWay(other.get().name);
        }
        Instant created = around.clock().rightInstant();
        ProcessFault whole =
                new ProcessFault(Optional.of(name), asked.kind(), asked.ttl(), asked.reason());
        Live taken = new Live(name, whole, created, begin(asked.kind()));
        remember(taken);
        around.timer().after(asked.ttl(), () -> over(taken, Phase.EXPIRED));
        return new Taking.Taken(taken.read());
    }

    private Harm begin(ProcessFault.Kind kind) {
        return switch (kind) {
            case ProcessFault.LoopStall stall ->
                    LoopStalls.start(stall, around.loops(), around.timer());
            case ProcessFault.Heap(long bytes) -> HeldHeap.of(bytes, HeldHeap.Heap.own());
            case ProcessFault.DirectMemory(long bytes) ->
                    HeldDirectMemory.of(bytes, around.allocator()::directBuffer);
            case ProcessFault.Descriptors(int count) ->
                    HeldDescriptors.of(count, around.descriptors());
            case ProcessFault.ClockStep(var by) -> around.clock().step(by);
            case ProcessFault.FullDisk() -> around.disk().fill();
        };
    }

    private void remember(Live taken) {
        all.removeIf(live -> live.name.equals(taken.name));
        all.addFirst(taken);
        int ended = 0;
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).phase != Phase.ACTIVE && ++ended > MOST_ENDED) {
                all.remove(i);
                return;
            }
        }
    }

    private synchronized void over(Live live, Phase phase) {
        if (live.phase == Phase.ACTIVE) {
            live.phase = phase;
            live.harm.end();
        }
    }

    /** All that are known, the youngest first. */
    public synchronized List<ProcessFaultState> all() {
        return all.stream().map(Live::read).toList();
    }

    /** One that is known. */
    public synchronized Optional<ProcessFaultState> find(ProcessFaultName name) {
        return known(name).map(Live::read);
    }

    /** Ends one, unless it has ended; empty when it is not known. */
    public synchronized Optional<ProcessFaultState> end(ProcessFaultName name) {
        Optional<Live> live = known(name);
        live.ifPresent(found -> over(found, Phase.ENDED));
        return live.map(Live::read);
    }

    /** How many last. */
    public synchronized long active() {
        return all.stream().filter(live -> live.phase == Phase.ACTIVE).count();
    }

    private Optional<Live> known(ProcessFaultName name) {
        return all.stream().filter(live -> live.name.equals(name)).findFirst();
    }

    private ProcessFaultName newName() {
        return new ProcessFaultName("f" + Long.toHexString(around.random().getAsLong()));
    }

    /** One that was taken. Guarded by the faults around it. */
    private static final class Live {
        private final ProcessFaultName name;
        private final ProcessFault fault;
        private final Instant created;
        private final Harm harm;
        private Phase phase = Phase.ACTIVE;

        Live(ProcessFaultName name, ProcessFault fault, Instant created, Harm harm) {
            this.name = name;
            this.fault = fault;
            this.created = created;
            this.harm = harm;
        }

        boolean isLike(ProcessFault other) {
            return fault.kind().getClass() == other.kind().getClass();
        }

        ProcessFaultState read() {
            return new ProcessFaultState(
                    name, fault, created, created.plus(fault.ttl()), phase, harm.injected());
        }
    }
}
