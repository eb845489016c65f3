package dev.sluice.testkit.arch;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The written order of a module's packages: each may import only those to its right. Packages of
 * one entry, separated by {@code ", "}, are peers and may not import each other. A package that the
 * order does not name is a violation, so that adding one means placing it.
 *
 * <p>The root itself takes part as {@code "."} where the order names it; else it is free.
 *
 * @param root package that the names are relative to, such as {@code dev.sluice.proxy}
 * @param order names from the outermost to the innermost
 * @param beside names that may import any of {@code order} but the first entry, and that only the
 *     first entry may import
 */
public record PackageOrder(String root, List<String> order, Set<String> beside) {
    public PackageOrder {
        order = List.copyOf(order);
        beside = Set.copyOf(beside);
    }

    /** Production classes under {@code root}, tests left out. */
    public static JavaClasses production(String root) {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(root);
    }

    /** The order as people write it, outermost first: {@code boot > path > route}. */
    public String text() {
        return String.join(" > ", order);
    }

    /** Every import against the order, as sentences, sorted; empty when the module is in order. */
    public List<String> violations() {
        return violations(production(root));
    }

    List<String> violations(JavaClasses types) {
        Set<String> found = new TreeSet<>();
        for (JavaClass type : types) {
            String from = relative(type.getPackageName());
            if (from.isEmpty()) {
                continue;
            }
            if (rank(from) < 0 && !beside.contains(from)) {
                found.add(unplaced(from));
            } else {
                found.addAll(violations(type, from));
            }
        }
        return List.copyOf(found);
    }

    private List<String> violations(JavaClass type, String from) {
        List<String> found = new ArrayList<>();
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
            String to = relative(dependency.getTargetClass().getPackageName());
            if (!to.isEmpty() && !to.equals(from) && !allowed(from, to)) {
                found.add(from + " imports " + to + ": " + dependency.getDescription());
            }
        }
        return found;
    }

    private String unplaced(String name) {
        return "package %s.%s has no place in the order (expected: one of %s or beside %s); place it"
                .formatted(root, name, order, beside);
    }

    private boolean allowed(String from, String to) {
        if (beside.contains(from)) {
            return rank(to) > 0;
        }
        if (beside.contains(to)) {
            return rank(from) == 0;
        }
        return rank(from) < rank(to);
    }

    private int rank(String name) {
        for (int i = 0; i < order.size(); i++) {
            if (List.of(order.get(i).split(", ")).contains(name)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * First segment below the root; empty for packages elsewhere, and for the root itself unless
     * the order names it.
     */
    private String relative(String packageName) {
        if (packageName.equals(root) && rank(".") >= 0) {
            return ".";
        }
        if (!packageName.startsWith(root + ".")) {
            return "";
        }
        String rest = packageName.substring(root.length() + 1);
        int dot = rest.indexOf('.');
        return dot < 0 ? rest : rest.substring(0, dot);
    }
}
