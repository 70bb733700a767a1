/** What can be measured: suites, their cases, and the candidates of each. One table, {@code Suites}, yields all of it. */
package org.processmanager.benchmarks.suite;
