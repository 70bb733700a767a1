package org.processmanager.project;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.fixtures.Eventually;

/** The structure of the libraries, read from their classes. {@link SourceRulesTest} has the rules on sources. */
class ArchitectureTest {
    private static final String POSIX = "org.processmanager.core.internal.posix..";
    private static final String MONITOR = "org.processmanager.core.monitor..";

    private static JavaClasses libraries;

    @BeforeAll
    static void importLibraries() {
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false); // the names of other classes suffice
        ImportOption noFixtures = location -> !location.contains("-tests.jar");
        libraries = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(noFixtures)
                .importPackages("org.processmanager.core", "org.processmanager.sync", "org.processmanager.ipc");
    }

    @Test
    void libraries_areImported() {
        for (String library : new String[] {"core", "sync", "ipc"}) {
            JavaClasses classes = libraries.that(resideInAPackage("org.processmanager." + library + ".."));
            assertTrue(classes.size() > 20, () -> "no classes of " + library);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"core", "sync", "ipc"})
    void internalPackages_haveNoCycles(String library) {
        slices().matching("org.processmanager.(**)")
                .namingSlices("$1")
                .should()
                .beFreeOfCycles()
                .check(libraries.that(resideInAPackage("org.processmanager." + library + ".internal..")));
    }

    @Test
    void modules_dependDownwards() {
        noDependency("org.processmanager.core..", "org.processmanager.sync..", "org.processmanager.ipc..");
        noDependency("org.processmanager.sync..", "org.processmanager.ipc..");
    }

    @Test
    void jna_isUsedInOnePackage() {
        usedOnlyIn("com.sun.jna..", POSIX).check(libraries);
    }

    @Test
    void oshi_isUsedInOnePackage() {
        usedOnlyIn("oshi..", MONITOR).check(libraries);
    }

    @Test
    void unsafe_isNotUsed() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("sun.misc..", "jdk.internal..")
                .check(libraries);
    }

    @Test
    void libraries_logBySlf4jAlone() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(libraries);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..")
                .check(libraries);
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(System.Logger.class)
                .check(libraries);
    }

    @Test
    void libraries_doNotSerialize() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.ObjectInputStream")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.ObjectOutputStream")
                .check(libraries);
    }

    /** Breaks each kind of rule. */
    private static final class Violation {
        static final Class<?> DEPENDENCY = Eventually.class;

        static void print() {
            System.out.println("printed");
        }
    }

    @Test
    void rules_canFail() {
        JavaClasses violation = new ClassFileImporter().importClasses(Violation.class);
        assertThrows(AssertionError.class, () -> NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(violation));
        assertThrows(
                AssertionError.class, () -> usedOnlyIn("java.lang..", POSIX).check(violation));
        assertThrows(AssertionError.class, () -> slices().matching("org.processmanager.(*)..")
                .should()
                .notDependOnEachOther()
                .check(new ClassFileImporter().importClasses(Violation.class, Eventually.class)));
    }

    private static ArchRule usedOnlyIn(String library, String home) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(home)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }

    private static void noDependency(String from, String... to) {
        noClasses()
                .that()
                .resideInAPackage(from)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(to)
                .check(libraries);
    }
}
