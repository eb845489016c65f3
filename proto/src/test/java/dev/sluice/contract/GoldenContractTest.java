package dev.sluice.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo.Location;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * The wire as it was released. A change that breaks a client fails here; an addition passes. To
 * accept a change on purpose, run this class with {@code -Dsluice.contract.accept=true}: it
 * rewrites the golden file, whose difference then stands in the commit.
 */
class GoldenContractTest {
    private static final Path GOLDEN = Path.of("src/test/resources/contract-golden.txt");
    private static final int MESSAGE_IN_FILE = FileDescriptorProto.MESSAGE_TYPE_FIELD_NUMBER;
    private static final int FIELD_IN_MESSAGE = DescriptorProto.FIELD_FIELD_NUMBER;

    private static FileDescriptorSet built() throws IOException {
        try (InputStream in =
                GoldenContractTest.class.getResourceAsStream("/sluice/contract.desc")) {
            assertThat(in).as("the descriptor set that the build writes").isNotNull();
            return FileDescriptorSet.parseFrom(in);
        }
    }

    @Test
    void the_wire_breaks_no_client_of_the_golden_contract() throws IOException {
        ContractLines now = ContractLines.of(built());
        if (Boolean.getBoolean("sluice.contract.accept")) {
            Files.write(GOLDEN, now.lines());
        }
        ContractLines golden = new ContractLines(new TreeSet<>(Files.readAllLines(GOLDEN)));

        assertThat(golden.lines()).hasSizeGreaterThan(300);
        assertThat(now.brokenFrom(golden))
                .as(
                        "facts of the golden contract that no longer hold; reserve the number and"
                                + " the name of what is removed, or accept the break on purpose"
                                + " with -Dsluice.contract.accept=true")
                .isEmpty();
    }

    private static FileDescriptorSet files(UnaryOperator<DescriptorProto.Builder> change) {
        DescriptorProto.Builder message = DescriptorProto.newBuilder().setName("M");
        message.addFieldBuilder().setName("a").setNumber(1).setType(Type.TYPE_STRING);
        message.addFieldBuilder().setName("b").setNumber(2).setType(Type.TYPE_INT32);
        return FileDescriptorSet.newBuilder()
                .addFile(
                        FileDescriptorProto.newBuilder()
                                .setPackage("p")
                                .addMessageType(change.apply(message)))
                .build();
    }

    private static List<String> broken(UnaryOperator<DescriptorProto.Builder> change) {
        ContractLines golden = ContractLines.of(files(UnaryOperator.identity()));
        return ContractLines.of(files(change)).brokenFrom(golden);
    }

    @Test
    void a_field_that_is_removed_renamed_retyped_or_moved_breaks() {
        assertThat(broken(m -> m.removeField(0))).containsExactly("field p.M 1 a optional string");
        assertThat(broken(m -> change(m, field -> field.setName("c")))).hasSize(1);
        assertThat(broken(m -> change(m, field -> field.setType(Type.TYPE_BYTES)))).hasSize(1);
        assertThat(broken(m -> change(m, field -> field.setNumber(3)))).hasSize(1);
        assertThat(
                        broken(m ->
                                change(
                                        m,
                                        field ->
                                                field.setLabel(
                                                        FieldDescriptorProto.Label
                                                                .LABEL_REPEATED))))
                .hasSize(1);
        assertThat(
                        broken(m -> {
                            m.addOneofDeclBuilder().setName("o");
                            return change(m, field -> field.setOneofIndex(0));
                        }))
                .hasSize(1);
    }

    private static DescriptorProto.Builder change(
            DescriptorProto.Builder message, UnaryOperator<FieldDescriptorProto.Builder> change) {
        change.apply(message.getFieldBuilder(0));
        return message;
    }

    @Test
    void an_addition_or_a_removal_with_its_reservation_passes() {
        assertThat(
                        broken(m -> {
                            m.addFieldBuilder().setName("c").setNumber(3);
                            return m;
                        }))
                .isEmpty();
        assertThat(
                        broken(m -> {
                            m.removeField(0).addReservedName("a");
                            m.addReservedRangeBuilder().setStart(1).setEnd(2);
                            return m;
                        }))
                .isEmpty();
        assertThat(broken(m -> m.removeField(0).addReservedName("a")))
                .as("the name alone")
                .hasSize(1);
    }

    /** Numbers and durations mean nothing without unit and range (AIP-141, AIP-142). */
    @Test
    void every_number_and_duration_says_its_unit_and_range() throws IOException {
        List<String> bare = new ArrayList<>();
        for (FileDescriptorProto file : built().getFileList()) {
            for (Location place : file.getSourceCodeInfo().getLocationList()) {
                fieldAt(file, place)
                        .filter(GoldenContractTest::needsComment)
                        .filter(field ->
                                place.getLeadingComments().isBlank()
                                        && place.getTrailingComments().isBlank())
                        .ifPresent(field -> bare.add(file.getName() + " " + field.getName()));
            }
        }

        assertThat(bare).as("fields without a comment").isEmpty();
    }

    private static Optional<FieldDescriptorProto> fieldAt(
            FileDescriptorProto file, Location place) {
        List<Integer> path = place.getPathList();
        if (path.size() != 4 || path.get(0) != MESSAGE_IN_FILE || path.get(2) != FIELD_IN_MESSAGE) {
            return Optional.empty();
        }
        return Optional.of(file.getMessageType(path.get(1)).getField(path.get(3)));
    }

    private static boolean needsComment(FieldDescriptorProto field) {
        boolean standard = field.getName().equals("page_size"); // AIP-158
        boolean number =
                switch (field.getType()) {
                    case TYPE_INT32, TYPE_INT64, TYPE_UINT32, TYPE_UINT64, TYPE_FIXED64 -> true;
                    case TYPE_DOUBLE, TYPE_FLOAT -> true;
                    default -> field.getTypeName().equals(".google.protobuf.Duration");
                };
        return number && !standard;
    }
}
