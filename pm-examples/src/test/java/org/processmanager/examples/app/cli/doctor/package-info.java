/** Tests of the package with this name. */
package org.processmanager.examples.app.cli.doctor;
