package dev.sluice.contract.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.Empty;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import dev.sluice.chaos.v1.FaultState;
import dev.sluice.chaos.v1.LoopStall;
import dev.sluice.contract.Problem;
import dev.sluice.contract.ProcessFaultName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ProcessFaultParserTest {
    private static final Duration SECOND = seconds(1);

    private static Duration seconds(long seconds) {
        return Duration.newBuilder().setSeconds(seconds).build();
    }

    private static dev.sluice.chaos.v1.ProcessFault.Builder fault() {
        return dev.sluice.chaos.v1.ProcessFault.newBuilder().setTtl(seconds(60));
    }

    private static LoopStall.Builder stall(Duration length, Duration every) {
        return LoopStall.newBuilder().setLength(length).setEvery(every);
    }

    private static List<String> paths(dev.sluice.chaos.v1.ProcessFault proto) {
        return ProcessFaultParser.parse(proto).problems().stream().map(Problem::path).toList();
    }

    @TestFactory
    List<DynamicTest> every_kind_is_read_and_written_again() {
        Map<ProcessFault.Kind, UnaryOperator<dev.sluice.chaos.v1.ProcessFault.Builder>> kinds =
                new LinkedHashMap<>();
        kinds.put(
                new ProcessFault.LoopStall(
                        java.time.Duration.ofSeconds(1), java.time.Duration.ofSeconds(2)),
                proto -> proto.setLoopStall(stall(SECOND, seconds(2))));
        kinds.put(new ProcessFault.Heap(1 << 20), proto -> proto.setHeapBytes(1 << 20));
        kinds.put(
                new ProcessFault.DirectMemory(1L << 32),
                proto -> proto.setDirectMemoryBytes(1L << 32));
        kinds.put(new ProcessFault.Descriptors(65_536), proto -> proto.setDescriptors(65_536));
        kinds.put(
                new ProcessFault.ClockStep(java.time.Duration.ofMillis(-600_500)),
                proto ->
                        proto.setClockStep(
                                Duration.newBuilder().setSeconds(-600).setNanos(-500_000_000)));
        kinds.put(
                new ProcessFault.ClockStep(java.time.Duration.ofHours(24)),
                proto -> proto.setClockStep(seconds(86_400)));
        kinds.put(
                new ProcessFault.FullDisk(),
                proto -> proto.setFullDisk(Empty.getDefaultInstance()));
        return kinds.entrySet().stream()
                .map(kind ->
                        DynamicTest.dynamicTest(
                                kind.getKey().toString(),
                                () -> {
                                    dev.sluice.chaos.v1.ProcessFault proto =
                                            kind.getValue().apply(fault()).build();
                                    ProcessFault read = ProcessFaultParser.parse(proto).orThrow();
                                    assertThat(read.kind()).isEqualTo(kind.getKey());
                                    assertThat(ProcessFaultWriter.write(read)).isEqualTo(proto);
                                }))
                .toList();
    }

    @Test
    void name_time_and_reason_are_read() {
        ProcessFault read =
                ProcessFaultParser.parse(
                                fault().setName("processFaults/stall")
                                        .setReason("a drill")
                                        .setDescriptors(1)
                                        .build())
                        .orThrow();

        assertThat(read)
                .isEqualTo(
                        new ProcessFault(
                                Optional.of(new ProcessFaultName("stall")),
                                new ProcessFault.Descriptors(1),
                                java.time.Duration.ofMinutes(1),
                                "a drill"));
    }

    @Test
    void words_of_kinds_are_those_of_the_wire() {
        assertThat(new ProcessFault.DirectMemory(1).word()).isEqualTo("direct_memory");
        assertThat(new ProcessFault.FullDisk().word()).isEqualTo("full_disk");
    }

    @Test
    void an_empty_fault_names_everything_that_is_required() {
        assertThat(paths(dev.sluice.chaos.v1.ProcessFault.getDefaultInstance()))
                .containsExactly("", "ttl");
    }

    @Test
    void all_problems_are_told_at_once() {
        dev.sluice.chaos.v1.ProcessFault wrong =
                fault().setName("faults/1")
                        .setLoopStall(stall(seconds(6), SECOND))
                        .setTtl(seconds(601))
                        .setReason("r".repeat(1025))
                        .setCreateTime(Timestamp.getDefaultInstance())
                        .setExpireTime(Timestamp.getDefaultInstance())
                        .setState(FaultState.ACTIVE)
                        .setInjected(1)
                        .setUnknownFields(
                                UnknownFieldSet.newBuilder()
                                        .addField(99, UnknownFieldSet.Field.getDefaultInstance())
                                        .build())
                        .build();

        assertThat(paths(wrong))
                .contains(
                        "create_time",
                        "expire_time",
                        "state",
                        "injected",
                        "name",
                        "loop_stall.length",
                        "ttl",
                        "reason");
    }

    @Test
    void what_is_out_of_range_is_refused_at_its_place() {
        assertThat(paths(fault().setLoopStall(stall(SECOND, SECOND)).build()))
                .as("loops that never run")
                .containsExactly("loop_stall.every");
        assertThat(paths(fault().setHeapBytes(1).build())).containsExactly("heap_bytes");
        assertThat(paths(fault().setHeapBytes(-1).build())).containsExactly("heap_bytes");
        assertThat(paths(fault().setDirectMemoryBytes(1L << 33).build()))
                .containsExactly("direct_memory_bytes");
        assertThat(paths(fault().setDescriptors(0).build())).containsExactly("descriptors");
        assertThat(paths(fault().setClockStep(seconds(0)).build())).containsExactly("clock_step");
        assertThat(paths(fault().setClockStep(seconds(-86_401)).build())).contains("clock_step");
    }
}
