package dev.sluice.testkit.arch;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PackageOrderTest {
    private static final String ROOT = "dev.sluice.testkit.arch.fixture";

    /** The fixture packages lie under test classes, which {@code violations()} leaves out. */
    private static List<String> violations(List<String> order, Set<String> beside) {
        return new PackageOrder(ROOT, order, beside)
                .violations(new ClassFileImporter().importPackages(ROOT));
    }

    @Test
    void finds_an_import_against_the_order_but_not_one_along_it() {
        List<String> found =
                violations(List.of("outer", "peer", "inner", "stray"), Set.of("aside"));

        assertThat(found)
                .isNotEmpty()
                .allMatch(violation -> violation.startsWith("inner imports outer: "))
                .anyMatch(violation -> violation.contains(ROOT + ".outer.Shape"));
    }

    @Test
    void finds_a_package_without_a_place_once() {
        List<String> found = violations(List.of("outer", "peer", "inner"), Set.of("aside"));

        assertThat(found)
                .filteredOn(violation -> !violation.startsWith("inner imports outer"))
                .singleElement()
                .asString()
                .startsWith("package " + ROOT + ".stray has no place")
                .endsWith("; place it");
    }

    @Test
    void finds_an_import_between_peers() {
        List<String> found = violations(List.of("outer", "peer, inner", "stray"), Set.of("aside"));

        assertThat(found).anyMatch(violation -> violation.startsWith("peer imports inner: "));
    }

    @Test
    void only_the_first_entry_may_import_what_stands_beside() {
        assertThat(violations(List.of("stray", "outer", "peer", "inner"), Set.of("aside")))
                .anyMatch(violation -> violation.startsWith("outer imports aside: "));
    }

    @Test
    void what_stands_beside_may_import_all_but_the_first_entry() {
        assertThat(violations(List.of("outer", "aside", "inner", "stray"), Set.of("peer")))
                .noneMatch(violation -> violation.startsWith("peer"));
        assertThat(violations(List.of("inner", "outer", "aside", "stray"), Set.of("peer")))
                .anyMatch(violation -> violation.startsWith("peer imports inner: "));
    }

    @Test
    void the_root_is_free_unless_the_order_names_it() {
        assertThat(violations(List.of("outer", "peer", "inner", "stray"), Set.of("aside")))
                .noneMatch(violation -> violation.startsWith(". imports"));
        assertThat(violations(List.of(".", "outer", "aside", "peer", "inner", "stray"), Set.of()))
                .noneMatch(violation -> violation.startsWith(". imports"));
        assertThat(violations(List.of("outer", "aside", "peer", "inner", "stray", "."), Set.of()))
                .anyMatch(violation -> violation.startsWith(". imports outer: "));
    }
}
