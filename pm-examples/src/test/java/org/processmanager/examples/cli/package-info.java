/** Tests of the subcommands' parts. */
package org.processmanager.examples.cli;
