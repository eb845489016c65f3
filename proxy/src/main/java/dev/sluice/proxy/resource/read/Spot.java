package dev.sluice.proxy.resource.read;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.contract.document.DocumentTypes;
import dev.sluice.contract.document.MessageWalk;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A place in the resource that is being parsed: collects the problems found there, the paths of
 * inert fields and those of private keys. For the one thread that parses.
 */
public final class Spot {
    private static final MessageWalk WALK = new MessageWalk(DocumentTypes.of(List.of()));

    private final Problems problems;
    private final List<String> inert;
    private final List<String> keys;

    private Spot(Problems problems, List<String> inert, List<String> keys) {
        this.problems = problems;
        this.inert = inert;
        this.keys = keys;
    }

    /** The top of a document, without problems. */
    public static Spot root() {
        return new Spot(Problems.root(), new ArrayList<>(), new ArrayList<>());
    }

    /** The field of this name in the message here. */
    public Spot field(String name) {
        return new Spot(problems.field(name), inert, keys);
    }

    /** The element at this index, from 0, of the list here. */
    public Spot index(int index) {
        return new Spot(problems.index(index), inert, keys);
    }

    /** The value at this key of the map here. */
    public Spot key(String key) {
        return new Spot(problems.key(key), inert, keys);
    }

    /** Reports a problem here. */
    public void add(String got, String expected, String remedy) {
        problems.add(got, expected, remedy);
    }

    /** Says that what stands here is accepted without effect. */
    public void inert() {
        inert.add(problems.path());
    }

    /** Says that a private key stands here. */
    public void key() {
        keys.add(problems.path());
    }

    /** Whether a private key stands anywhere in the resource. */
    public boolean holdsKey() {
        return !keys.isEmpty();
    }

    /** Every problem of the document so far, shared by its spots. */
    public Problems problems() {
        return problems;
    }

    /** Paths of the settings that are accepted and do nothing. */
    public List<String> inertPaths() {
        return List.copyOf(inert);
    }

    /**
     * Checks the class of every set field of {@code message}, but for the content of {@code Any},
     * which is checked where it is opened.
     */
    public void guard(Message message) {
        WALK.walk(message, problems.path(), new Guard());
    }

    private final class Guard implements MessageWalk.Visitor {
        @Override
        public MessageWalk.Step field(String path, FieldDescriptor field) {
            String message = field.getContainingType().getFullName();
            if (message.startsWith("google.protobuf.") || message.startsWith("sluice.")) {
                return MessageWalk.Step.OVER;
            }
            Optional<FieldClass> found = FieldClasses.standard().of(message, field.getName());
            FieldClass fieldClass =
                    found.orElse(new FieldClass.Refused("remove it, or upgrade the proxy"));
            return switch (fieldClass) {
                case FieldClass.Implemented() -> MessageWalk.Step.INTO;
                case FieldClass.Inert() -> {
                    inert.add(path);
                    yield MessageWalk.Step.OVER;
                }
                case FieldClass.Refused(String remedy) -> {
                    refuse(path, "field " + field.getName(), message, remedy);
                    yield MessageWalk.Step.OVER;
                }
            };
        }

        @Override
        public void unknown(String path, Descriptor type, List<Integer> numbers) {
            refuse(
                    path,
                    "unknown field numbers " + numbers,
                    type.getFullName(),
                    "remove the fields, or upgrade the proxy");
        }

        private void refuse(String path, String got, String message, String remedy) {
            problems.addAll(
                    List.of(new Problem(path, got, "supported fields of " + message, remedy)));
        }
    }
}
