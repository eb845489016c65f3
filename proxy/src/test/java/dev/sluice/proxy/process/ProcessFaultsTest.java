package dev.sluice.proxy.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.contract.ProcessFaultName;
import dev.sluice.contract.fault.ProcessFault;
import dev.sluice.proxy.process.ProcessFaultState.Phase;
import dev.sluice.proxy.process.ProcessFaults.Taking;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.ManualClock;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.nio.channels.Channel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class ProcessFaultsTest {
    private static final int MEBI = 1 << 20;

    private final ManualClock time = new ManualClock();
    private final SteppedClock clock = new SteppedClock(time);
    private final StateDisk disk = new StateDisk();
    private final UnpooledByteBufAllocator allocator =
            new UnpooledByteBufAllocator(/* preferDirect= */ true);
    private final Descriptors descriptors = new Descriptors();
    private final AtomicLong random = new AtomicLong(0xabc);

    /** What was given to loops; nothing runs before a test says so. */
    private final List<Runnable> onLoop = new ArrayList<>();

    private final Executor loop = onLoop::add;

    private final ProcessFaults faults =
            new ProcessFaults(
                    new ProcessFaults.Surroundings(
                            List.of(loop, loop),
                            allocator,
                            descriptors,
                            clock,
                            disk,
                            (delay, action) -> {
                                var unused = time.schedule(delay, action);
                            },
                            random::getAndIncrement));

    /** A process that may open three more. */
    private static final class Descriptors implements Descriptor {
        private int open;

        @Override
        public Channel open() throws IOException {
            if (open == 3) {
                throw new IOException("Too many open files");
            }
            open++;
            return new Channel() {
                @Override
                public boolean isOpen() {
                    return true;
                }

                @Override
                public void close() {
                    open--;
                }
            };
        }
    }

    private static ProcessFault of(ProcessFault.Kind kind) {
        return new ProcessFault(Optional.empty(), kind, Duration.ofSeconds(10), "");
    }

    private static ProcessFault named(String name, ProcessFault.Kind kind) {
        return new ProcessFault(
                Optional.of(new ProcessFaultName(name)), kind, Duration.ofSeconds(10), "");
    }

    private ProcessFaultState taken(ProcessFault fault) {
        return ((Taking.Taken) faults.take(fault)).state();
    }

    private ProcessFaultState now(ProcessFaultState before) {
        return faults.find(before.name()).orElseThrow();
    }

    @Test
    void a_fault_ends_when_its_time_is_over() {
        ProcessFaultState step = taken(of(new ProcessFault.ClockStep(Duration.ofMinutes(10))));
        Instant stepped = clock.instant();

        time.advance(Duration.ofSeconds(10));

        assertThat(step.phase()).isEqualTo(Phase.ACTIVE);
        assertThat(step.created()).as("by a right clock").isEqualTo(ManualClock.START);
        assertThat(step.expires()).isEqualTo(ManualClock.START.plusSeconds(10));
        assertThat(stepped).isEqualTo(ManualClock.START.plusSeconds(600));
        assertThat(now(step).phase()).isEqualTo(Phase.EXPIRED);
        assertThat(clock.instant()).isEqualTo(time.instant());
        assertThat(faults.active()).isZero();
    }

    @Test
    void a_fault_that_was_ended_does_not_end_the_next_one_of_its_kind() {
        ProcessFaultState first = taken(of(new ProcessFault.ClockStep(Duration.ofMinutes(10))));
        time.advance(Duration.ofSeconds(5));
        faults.end(first.name());
        ProcessFaultState second = taken(of(new ProcessFault.ClockStep(Duration.ofMinutes(-10))));

        time.advance(Duration.ofSeconds(5));

        assertThat(now(first).phase()).isEqualTo(Phase.ENDED);
        assertThat(now(second).phase()).isEqualTo(Phase.ACTIVE);
        assertThat(clock.instant()).isEqualTo(time.instant().minusSeconds(600));
        assertThat(clock.withZone(clock.getZone()).instant())
                .as("in another zone")
                .isEqualTo(clock.instant());
    }

    @Test
    void a_name_and_a_kind_are_taken_once() {
        taken(named("a", new ProcessFault.Descriptors(1)));

        assertThat(faults.take(named("a", new ProcessFault.FullDisk())))
                .as("the same name")
                .isEqualTo(new Taking.InTheWay(new ProcessFaultName("a")));
        assertThat(faults.take(of(new ProcessFault.Descriptors(2))))
                .as("the same kind")
                .isEqualTo(new Taking.InTheWay(new ProcessFaultName("a")));
        assertThat(faults.active()).isEqualTo(1);
        assertThat(descriptors.open).as("held by the first alone").isEqualTo(1);
    }

    @Test
    void loops_stand_still_together_again_and_again() {
        ProcessFaultState stall =
                taken(of(new ProcessFault.LoopStall(Duration.ofMillis(1), Duration.ofSeconds(2))));
        time.advance(Duration.ofSeconds(4));

        assertThat(onLoop).as("two loops, at 0, 2 and 4 s").hasSize(6);
        onLoop.forEach(Runnable::run);
        assertThat(now(stall).injected()).isEqualTo(6);

        faults.end(stall.name());
        onLoop.forEach(Runnable::run);
        time.advance(Duration.ofSeconds(10));
        assertThat(now(stall).injected()).as("after its end").isEqualTo(6);
        assertThat(onLoop).hasSize(6);
    }

    @Test
    void heap_is_held_but_for_an_eighth() {
        AtomicLong used = new AtomicLong(10 * MEBI);
        HeldHeap.Heap heap =
                new HeldHeap.Heap(
                        80L * MEBI, () -> used.getAndAdd(MEBI), () -> used.set(10 * MEBI));

        HeldHeap all = HeldHeap.of(200L * MEBI, heap);
        HeldHeap some = HeldHeap.of(3L * MEBI, heap);

        assertThat(all.injected()).as("what there was room for").isEqualTo(60L * MEBI);
        assertThat(some.injected()).isEqualTo(3L * MEBI);
        all.end();
        assertThat(all.held()).isZero();
        assertThat(all.injected()).as("the largest").isEqualTo(60L * MEBI);
    }

    @Test
    void the_heap_of_this_process_can_be_held() {
        ProcessFaultState held = taken(of(new ProcessFault.Heap(2L * MEBI)));

        assertThat(held.injected()).isEqualTo(2L * MEBI);
    }

    @Test
    void direct_memory_is_held_and_given_back() {
        ProcessFaultState held = taken(of(new ProcessFault.DirectMemory(3L * MEBI + 1)));

        assertThat(held.injected()).isEqualTo(3L * MEBI);
        assertThat(allocator.metric().usedDirectMemory()).isEqualTo(3L * MEBI);
        faults.end(held.name());
        faults.end(held.name());
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void the_last_8_mebibytes_of_direct_memory_stay_free() {
        HeldDirectMemory.Pieces twelve =
                bytes -> {
                    if (allocator.metric().usedDirectMemory() >= 12L * MEBI) {
                        throw new OutOfMemoryError("no direct memory is left");
                    }
                    return allocator.directBuffer(bytes);
                };

        HeldDirectMemory held = HeldDirectMemory.of(100L * MEBI, twelve);

        assertThat(held.injected()).isEqualTo(4L * MEBI);
        assertThat(allocator.metric().usedDirectMemory()).isEqualTo(4L * MEBI);
        held.end();
    }

    @Test
    void descriptors_are_held_as_far_as_there_are_any() {
        ProcessFaultState held = taken(of(new ProcessFault.Descriptors(100)));

        assertThat(held.injected()).isEqualTo(3);
        assertThat(descriptors.open).isEqualTo(3);
        time.advance(Duration.ofSeconds(10));
        assertThat(descriptors.open).as("after its time").isZero();
    }

    @Test
    void a_full_disk_refuses_writes_until_it_ends() throws Exception {
        disk.askForRoom();
        ProcessFaultState full = taken(of(new ProcessFault.FullDisk()));

        assertThatThrownBy(disk::askForRoom).isInstanceOf(IOException.class);
        assertThat(now(full).injected()).isEqualTo(1);
        faults.end(full.name());
        disk.askForRoom();
        assertThat(now(full).injected()).isEqualTo(1);
    }

    @Test
    void only_so_many_are_remembered() {
        ProcessFaultState first = taken(named("first", new ProcessFault.FullDisk()));
        faults.end(first.name());
        for (int i = 0; i < ProcessFaults.MOST_ENDED; i++) {
            faults.end(taken(of(new ProcessFault.FullDisk())).name());
        }
        taken(of(new ProcessFault.FullDisk()));

        assertThat(faults.all()).hasSize(ProcessFaults.MOST_ENDED + 1);
        assertThat(faults.find(first.name())).as("the oldest").isEmpty();
        assertThat(faults.end(first.name())).isEmpty();
    }

    @Test
    void a_name_of_one_that_ended_may_be_used_again() {
        faults.end(taken(named("a", new ProcessFault.FullDisk())).name());
        ProcessFaultState again = taken(named("a", new ProcessFault.FullDisk()));

        assertThat(again.phase()).isEqualTo(Phase.ACTIVE);
        assertThat(faults.all()).hasSize(1);
    }
}
