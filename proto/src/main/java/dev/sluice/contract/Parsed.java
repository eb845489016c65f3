package dev.sluice.contract;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a parser answers: the whole value, or every problem of the input; never a part. Immutable
 * when the value is.
 */
public sealed interface Parsed<T> {
    /** The input was right. */
    record Ok<T>(T value) implements Parsed<T> {}

    /**
     * The input was refused.
     *
     * @param problems at least one, in the order of finding
     */
    record Refused<T>(List<Problem> problems) implements Parsed<T> {
        public Refused {
            problems = List.copyOf(problems);
            if (problems.isEmpty()) {
                throw new IllegalArgumentException("a refusal without a problem");
            }
        }

        /** All problems, one a line. */
        public String message() {
            return problems.stream().map(Problem::message).collect(Collectors.joining("\n"));
        }
    }

    /** The input was right. */
    static <T> Parsed<T> ok(T value) {
        return new Ok<>(value);
    }

    /** The input has one problem. */
    static <T> Parsed<T> refused(Problem problem) {
        return new Refused<>(List.of(problem));
    }

    /** The same problems, or {@code change} of the value. */
    default <R> Parsed<R> map(Function<? super T, ? extends R> change) {
        return switch (this) {
            case Ok<T>(T value) -> new Ok<>(change.apply(value));
            case Refused<T>(List<Problem> problems) -> new Refused<>(problems);
        };
    }

    /** The value; empty when refused. */
    default Optional<T> toOptional() {
        return switch (this) {
            case Ok<T> ok -> Optional.of(ok.value);
            case Refused<T> ignored -> Optional.empty();
        };
    }

    /** The problems; empty when the input was right. */
    default List<Problem> problems() {
        return List.of();
    }

    /**
     * The value, where a refusal can only be a mistake of the program.
     *
     * @throws IllegalArgumentException with all problems when refused
     */
    default T orThrow() {
        return switch (this) {
            case Ok<T> ok -> ok.value;
            case Refused<T> refused -> throw new IllegalArgumentException(refused.message());
        };
    }
}
