"""A pushed prescription comes back as an order with the patient and the chart number given there."""

from tests.sandbox.partner import Partner

PATIENT = {"firstName": "Berta", "lastName": "Quackenbush", "chartNumber": "C-77"}


def _push(partner: Partner) -> str:
    answer = partner.call("POST", "/scan-requests", body={"patient": PATIENT, "procedure": "Crown", "note": "36"})
    assert answer.status == 201
    return answer.json["rxId"]


def test_the_scan_of_a_prescription_comes_under_its_number_and_chart(partner: Partner) -> None:
    rx_id = _push(partner)
    assert partner.call("GET", f"/orders/{rx_id}").status == 404
    (pushed,) = partner.sandbox.pushed()
    assert (pushed["rx_id"], pushed["procedure"], pushed["note"]) == (rx_id, "Crown", "36")
    assert partner.sandbox.add_order(rxId=rx_id) == rx_id
    order = partner.call("GET", f"/orders/{rx_id}").json
    assert (order["patient"], order["caseType"]) == (PATIENT, "Crown")
    assert partner.sandbox.pushed() == []


def test_a_prescription_can_be_taken_back_once(partner: Partner) -> None:
    rx_id = _push(partner)
    assert partner.call("DELETE", f"/scan-requests/{rx_id}").status == 204
    assert partner.sandbox.pushed() == []
    assert partner.call("DELETE", f"/scan-requests/{rx_id}").status == 404


def test_a_prescription_without_a_name_is_refused(partner: Partner) -> None:
    for body in ({}, {"patient": {}}, {"patient": "Berta"}, []):
        assert partner.call("POST", "/scan-requests", body=body).status == 400
    assert partner.sandbox.pushed() == []
