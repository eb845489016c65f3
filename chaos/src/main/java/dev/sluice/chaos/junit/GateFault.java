package dev.sluice.chaos.junit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A fault on one arm of a gate while a test runs, as a lease on a sidecar that is renewed and then
 * ended. A test whose fault has changed too few attempts fails, as it has proved nothing. In all
 * texts, {@code ${name}} is a configuration parameter of JUnit, a system property, or a variable of
 * the environment.
 */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(GateFault.All.class)
@ExtendWith(ChaosExtension.class)
public @interface GateFault {
    /** Admin listeners of the sidecars, {@code http://HOST:PORT}. */
    String[] sidecars();

    /** Their {@code --admin-token}. */
    String token();

    /** {@code gates/…}. */
    String gate();

    /** {@code LEGACY} or {@code NEW}. */
    String arm();

    /** One kind of a fault lease as JSON, such as {@code {"http_status": 503}}. */
    String fault();

    /** Operations that it meets. Default: all. */
    String[] operations() default {};

    /** Endpoints that it meets, {@code ADDRESS:PORT}. Default: all. */
    String[] endpoints() default {};

    /** Percentage of the attempts, above 0, at most 100. */
    double share() default 100;

    /** Attempts that each lease may meet; 1..1,000,000. */
    int requests() default 1_000_000;

    /** Attempts that it must have changed by the end of the test, on all sidecars together. */
    long atLeast() default 1;

    /** Several. */
    @Target({ElementType.METHOD, ElementType.TYPE})
    @Retention(RetentionPolicy.RUNTIME)
    @ExtendWith(ChaosExtension.class)
    @interface All {
        /** All of them. */
        GateFault[] value();
    }
}
