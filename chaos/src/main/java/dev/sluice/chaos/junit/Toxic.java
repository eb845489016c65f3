package dev.sluice.chaos.junit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A toxic on a connection of {@link FaultyNetwork} while a test runs, or each test of a class. A
 * test whose toxic never stood in the way, because its proxy was not made, fails.
 */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(Toxic.All.class)
@ExtendWith(ChaosExtension.class)
public @interface Toxic {
    /** The name that {@link FaultyNetwork#between} is given. */
    String proxy();

    /** A type of Toxiproxy: {@code latency}, {@code bandwidth}, {@code reset_peer}, … */
    String type();

    /** Attributes as {@code name=number}, such as {@code latency=200}. Default: none. */
    String[] attributes() default {};

    /** {@code downstream}, from the upstream to the client, or {@code upstream}. */
    String stream() default "downstream";

    /** Share of connections that it bites, 0 to 1. */
    double toxicity() default 1;

    /** Several. */
    @Target({ElementType.METHOD, ElementType.TYPE})
    @Retention(RetentionPolicy.RUNTIME)
    @ExtendWith(ChaosExtension.class)
    @interface All {
        /** All of them. */
        Toxic[] value();
    }
}
